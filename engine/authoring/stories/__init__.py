"""Tests beside a definition: stories of cases in the words of a section, run on a virtual clock, with what they covered."""
