"""Frozen definitions: what `engine.definition` makes of the YAML and the decision core works on.

Everything here is a value. Texts for people (`title`, `message`, `basis`) are as the section wrote them.
"""
