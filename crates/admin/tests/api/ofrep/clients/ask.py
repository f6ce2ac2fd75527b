"""OpenFeature's client for Python: each question is one request."""

import json
import sys

from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext

base_url, token = sys.argv[1:]
api.set_provider(OFREPProvider(base_url, headers_factory=lambda: {"Authorization": f"Bearer {token}"}))
client = api.get_client()
ann = EvaluationContext("ann", {"staff": True})


def told(details):
    """What a question's answer says, with words for what is an enumeration."""
    return {
        "value": details.value,
        "variant": details.variant,
        "reason": details.reason and str(getattr(details.reason, "value", details.reason)),
        "errorCode": details.error_code and details.error_code.value,
        "flagMetadata": dict(details.flag_metadata),
    }


print(json.dumps({
    "on": told(client.get_boolean_details("on", False, ann)),
    "rate": told(client.get_float_details("rate", 0.0, ann)),
    "count": told(client.get_integer_details("count", 0, ann)),
    "word": told(client.get_string_details("word", "none", ann)),
    "shape": told(client.get_object_details("shape", {}, ann)),
    "own": told(client.get_string_details("own", "mine", ann)),
    "deep": told(client.get_boolean_details("team/x", False, ann)),
    "other": told(client.get_boolean_details("team/x", True, EvaluationContext("bob"))),
    "nobody": told(client.get_boolean_details("on", False)),
    "none": told(client.get_boolean_details("none", True, ann)),
    "type": told(client.get_boolean_details("word", True, ann)),
}))
