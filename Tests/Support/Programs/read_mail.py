"""Prints a message as JSON: its headers decoded, its text, and what is wrong with it."""

import email
import email.policy
import json
import sys

with open(sys.argv[1], "rb") as file:
    message = email.message_from_binary_file(file, policy=email.policy.default)
defects = [repr(defect) for defect in message.defects]
for header in message.values():
    defects += [repr(defect) for defect in getattr(header, "defects", ())]
print(
    json.dumps(
        {
            "headers": {name: str(value) for name, value in message.items()},
            "text": message.get_content(),
            "defects": defects,
        }
    )
)
