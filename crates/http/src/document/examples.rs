//! Examples of bodies, made from those of their members. Each is written once, at the declaration of the member.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use utoipa::openapi::{
    Content, OpenApi, Ref, RefOr, Schema, Type,
    schema::{Array, ArrayItems, Object, SchemaType},
};

use super::operations;

/// Adds an example to every request and response body that has none.
pub(super) fn add(document: &mut OpenApi) {
    let Some(components) = &document.components else { return };
    let examples = Examples { schemas: &components.schemas };
    for (_, operation) in document.paths.paths.values_mut().flat_map(operations) {
        if let Some(RefOr::T(body)) = &mut operation.request_body {
            body.content.values_mut().for_each(|content| examples.complete(content));
        }
        for response in operation.responses.responses.values_mut() {
            let RefOr::T(response) = response else { continue };
            response.content.values_mut().for_each(|content| examples.complete(content));
        }
    }
}

struct Examples<'s> {
    schemas: &'s BTreeMap<String, RefOr<Schema>>,
}

impl Examples<'_> {
    fn complete(&self, content: &mut RefOr<Content>) {
        let RefOr::T(content) = content else { return };
        if content.example.is_none() && content.examples.is_empty() {
            content.example = content.schema.as_ref().map(|schema| self.of(schema));
        }
    }

    fn of(&self, schema: &RefOr<Schema>) -> Value {
        match schema {
            RefOr::Ref(reference) => self.named(reference),
            RefOr::T(Schema::Object(object)) => self.of_object(object),
            RefOr::T(Schema::Array(array)) => self.of_array(array),
            RefOr::T(Schema::AllOf(parts)) => self.merged(&parts.items),
            RefOr::T(Schema::OneOf(choice)) => self.first(&choice.items),
            RefOr::T(Schema::AnyOf(choice)) => self.first(&choice.items),
            RefOr::T(_) => Value::Null,
        }
    }

    fn named(&self, reference: &Ref) -> Value {
        let name = reference.ref_location.rsplit('/').next();
        name.and_then(|name| self.schemas.get(name)).map_or(Value::Null, |schema| self.of(schema))
    }

    fn of_object(&self, object: &Object) -> Value {
        let given = object.example.clone().or_else(|| object.enum_values.as_ref()?.first().cloned());
        given.unwrap_or_else(|| match &object.schema_type {
            SchemaType::Type(Type::Object) => {
                object.properties.iter().map(|(name, member)| (name.clone(), self.of(member))).collect()
            }
            SchemaType::Type(Type::String) => Value::String(String::new()),
            SchemaType::Type(Type::Boolean) => Value::Bool(false),
            SchemaType::Type(Type::Integer | Type::Number) => Value::from(0),
            // A nullable value without an example is null.
            _ => Value::Null,
        })
    }

    /// One item if its schema has a name, otherwise none.
    fn of_array(&self, array: &Array) -> Value {
        array.example.clone().unwrap_or_else(|| match &array.items {
            ArrayItems::RefOrSchema(items) if matches!(**items, RefOr::Ref(_)) => Value::Array(vec![self.of(items)]),
            ArrayItems::RefOrSchema(_) | ArrayItems::False => Value::Array(Vec::new()),
        })
    }

    fn merged(&self, parts: &[RefOr<Schema>]) -> Value {
        let objects = parts.iter().map(|part| self.of(part));
        let members = objects.filter_map(|part| if let Value::Object(members) = part { Some(members) } else { None });
        Value::Object(members.flatten().collect::<Map<_, _>>())
    }

    /// The example of the first choice that is not null.
    fn first(&self, choices: &[RefOr<Schema>]) -> Value {
        choices.iter().map(|choice| self.of(choice)).find(|value| !value.is_null()).unwrap_or_default()
    }
}
