"""The kinds of jobs workers of this program know."""

from __future__ import annotations

#: Packages of cases; papers of cases in one format.
ARCHIVE, PAPERS = "archive", "papers"
KINDS = (ARCHIVE, PAPERS)
