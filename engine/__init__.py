"""Shuangsuiji: the 「双随机、一公开」 inspection year, driven by YAML process definitions."""

__version__ = "0.1.0"
