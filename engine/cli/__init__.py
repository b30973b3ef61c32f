"""The command line: noun, then verb. One module per group; a command imports only what it uses."""
