"""ssj-draw/2: draws whose randomness nobody chooses and whose public proof shows nobody.

Pure, as `engine.draw` is: no clock, no entropy, no files of its own but the programs of the kit. The acts of a draw are in
`acts`; each takes a `Draw` and the bureau's `PublicLog` and returns both anew. The protocol in words is `kit/PROTOCOL.md`.
"""
