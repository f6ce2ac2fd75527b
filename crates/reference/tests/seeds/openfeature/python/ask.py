"""OpenFeature's client for Python: what ann gets of a flag."""

import json
import sys

from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext

base_url, token, key = sys.argv[1:]
api.set_provider(OFREPProvider(base_url, headers_factory=lambda: {"Authorization": f"Bearer {token}"}))
details = api.get_client().get_boolean_details(key, False, EvaluationContext("ann"))
print(json.dumps({"value": details.value, "variant": details.variant, "metadata": dict(details.flag_metadata)}))
