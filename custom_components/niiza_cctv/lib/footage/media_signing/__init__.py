"""ONVIF Media Signing (specification 26.06): what a camera signed of its own pictures, checked unit by unit.

`sei` reads the messages in which a camera signs, `chain` judges whose key it was, `verifier` says of each group of
pictures whether it is what the camera signed, and `report` what follows for the whole. Pure Python on `cryptography`:
the consortium's framework is C for its own platforms and is in no package registry.
"""
