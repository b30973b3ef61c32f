"""Papers, documents and kept files of cases."""
