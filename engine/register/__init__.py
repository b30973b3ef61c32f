"""Registers (一单两库): from a CSV or Excel file of an office to checked entries. Nothing here stores anything."""
