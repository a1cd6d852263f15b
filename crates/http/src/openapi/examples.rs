//! Examples of answers, put together from those of their members: each is written once, where the member is declared.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use utoipa::openapi::{
    OpenApi, PathItem, Ref, RefOr, Schema, Type,
    path::Operation,
    schema::{Array, ArrayItems, Object, SchemaType},
};

/// Gives one to every answer that has none.
pub(super) fn add(document: &mut OpenApi) {
    let Some(components) = &document.components else { return };
    let examples = Examples { schemas: &components.schemas };
    let operations = document.paths.paths.values_mut().flat_map(operations);
    let responses = operations.flat_map(|operation| operation.responses.responses.values_mut());
    for response in responses {
        let RefOr::T(response) = response else { continue };
        for content in response.content.values_mut() {
            let RefOr::T(content) = content else { continue };
            let own = content.example.take();
            content.example = own.or_else(|| Some(examples.of(content.schema.as_ref()?)));
        }
    }
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut path.get, &mut path.put, &mut path.post, &mut path.patch, &mut path.delete, &mut path.head]
        .into_iter()
        .flatten()
}

struct Examples<'s> {
    schemas: &'s BTreeMap<String, RefOr<Schema>>,
}

impl Examples<'_> {
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
            // What may be null, and has no example, is.
            _ => Value::Null,
        })
    }

    /// One item, if it is something with a name; else none.
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

    /// The first choice that is not null.
    fn first(&self, choices: &[RefOr<Schema>]) -> Value {
        choices.iter().map(|choice| self.of(choice)).find(|value| !value.is_null()).unwrap_or_default()
    }
}
