"""Papers and the files of cases."""
