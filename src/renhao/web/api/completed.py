"""What the generated description lacks: closed shapes, and an example of each body."""

from copy import deepcopy
from typing import Any

Schema = dict[str, Any]


def completed(description: Schema) -> Schema:
    """Return the description with shapes closed and examples made from those of their fields."""
    made = deepcopy(description)
    schemas: dict[str, Schema] = made["components"]["schemas"]
    for schema in schemas.values():
        if schema.get("type") == "object" and "properties" in schema:
            schema["additionalProperties"] = False
    for item in made["paths"].values():
        for operation in item.values():
            for body in operation.get("requestBody", {}).get("content", {}).values():
                body["example"] = example_of(body["schema"], schemas)
    return made


def example_of(schema: Schema, schemas: dict[str, Schema]) -> object:
    """Make an example: the schema's own, else its first value, else one of each required field."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if schema.get("examples"):
        return schema["examples"][0]
    if schema.get("enum"):
        return schema["enum"][0]
    if schema.get("properties"):
        return {
            name: example_of(schema["properties"][name], schemas)
            for name in schema.get("required", ())
        }
    return schema.get("default")
