"""What cameras answer, read into the values of model.py: one module for each grammar or service.

Every public `parse_` function takes the bytes of a SOAP answer, or an element of it, and goes by local names:
cameras differ in prefixes and now and then in namespaces. A field that is missing or nonsense leaves its
value unknown; CameraAnswerInvalid is raised only where an answer as a whole is of no use, and the errors of
`soap.open_envelope` for faults.
"""
