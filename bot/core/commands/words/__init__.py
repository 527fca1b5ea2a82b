"""The words of a typed line: how it is cleaned, split, and which words are keywords or polite."""
