"""``python -m engine``: the command line, where the ``ssj`` script is not on the path."""

from engine.cli.main import main

if __name__ == "__main__":
    main()
