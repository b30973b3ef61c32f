"""WorkbookRows for workbooks exchanged with platforms, out of cases, registers and measures, and the receipts of platforms."""
