"""What Schemathesis must be told of the API: how lines of JSON are written."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(_context, value):
    """One line for each of a few objects; what is no object stays as it is."""
    if isinstance(value, bytes):
        return value
    return (json.dumps(value) + "\n").encode() * 2
