//! Checks of a whole schema while the program compiles: no two leaves share a variable, no two fields a key.
//!
//! Names are never built: each is a hash that grows segment by segment, and only a clash looks at the texts. Equal
//! hashes of 64 bits are taken as equal names.

use super::message::Message;
use super::{Env, Field, FieldKind, Meta, Schema};

/// Where a leaf stands that is in no variant.
const NO_VARIANT: u32 = 0;

/// Refuses a schema in which two leaves have one variable, or two fields of one table one key.
///
/// # Panics
/// With the name, while the program compiles.
#[track_caller]
pub const fn check(schema: &Schema) {
    // A table at most half full keeps every look-up short.
    let count = count(schema);
    if count <= 64 {
        check_in::<128>(schema);
    } else if count <= 1_024 {
        check_in::<2_048>(schema);
    } else {
        check_in::<65_536>(schema);
    }
}

#[track_caller]
const fn check_in<const N: usize>(schema: &Schema) {
    let mut names = Names::<N> { hashes: [0; N], variants: [NO_VARIANT; N], used: 0, enums: 0 };
    let start = Hash::EMPTY.segment(schema.env_prefix);
    names.schema(schema, start, Text::EMPTY.segment(schema.env_prefix), NO_VARIANT);
    keys(schema);
}

/// Names that a schema has at most.
const fn count(schema: &Schema) -> usize {
    let mut total = count_fields(schema.fields);
    let mut at = 0;
    while at < schema.variants.len() {
        total += count_fields(schema.variants[at].fields);
        at += 1;
    }
    total + 1
}

const fn count_fields(fields: &[Field]) -> usize {
    let mut total = 0;
    let mut at = 0;
    while at < fields.len() {
        let field = &fields[at];
        total += match field.kind {
            FieldKind::Nested(schema) | FieldKind::Optional(schema) => count(schema),
            _ => {
                let own = match field.meta.env {
                    Env::Names(names) => names.len(),
                    Env::Derived => 1 + field.meta.rare().aliases.len(),
                    Env::None => 0,
                };
                own * if field.meta.secret { 2 } else { 1 }
            }
        };
        at += 1;
    }
    total
}

/// An FNV-1a hash of a name, segment by segment.
#[derive(Clone, Copy)]
struct Hash {
    value: u64,
    empty: bool,
}

impl Hash {
    const EMPTY: Self = Self { value: 0xcbf2_9ce4_8422_2325, empty: true };

    /// The name, then `_` and a segment; an empty segment changes nothing.
    const fn segment(self, text: &str) -> Self {
        if text.is_empty() {
            return self;
        }
        let hash = if self.empty { self } else { self.bytes(b"_") };
        hash.bytes(text.as_bytes())
    }

    const fn bytes(self, bytes: &[u8]) -> Self {
        let mut value = self.value;
        let mut at = 0;
        while at < bytes.len() {
            value = (value ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
            at += 1;
        }
        Self { value, empty: false }
    }
}

/// A name as text, for the message of a clash.
#[derive(Clone, Copy)]
struct Text {
    bytes: [u8; 96],
    length: usize,
}

impl Text {
    const EMPTY: Self = Self { bytes: [0; 96], length: 0 };

    const fn segment(self, text: &str) -> Self {
        if text.is_empty() {
            return self;
        }
        let text_so_far = if self.length == 0 { self } else { self.bytes(b"_") };
        text_so_far.bytes(text.as_bytes())
    }

    const fn bytes(mut self, bytes: &[u8]) -> Self {
        let mut at = 0;
        while at < bytes.len() && self.length < self.bytes.len() {
            self.bytes[self.length] = bytes[at];
            self.length += 1;
            at += 1;
        }
        self
    }

    const fn as_str(&self) -> &str {
        let (text, _) = self.bytes.split_at(self.length);
        match core::str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => "a variable",
        }
    }
}

/// The hashes of all names so far, as an open hash table (0 is empty), each with the variant that it is in.
struct Names<const N: usize> {
    hashes: [u64; N],
    variants: [u32; N],
    used: usize,
    /// Enums met so far, to number them.
    enums: u32,
}

impl<const N: usize> Names<N> {
    #[track_caller]
    const fn schema(&mut self, schema: &Schema, hash: Hash, text: Text, variant: u32) {
        if schema.variants.is_empty() {
            self.fields(schema.fields, hash, text, variant);
            return;
        }
        self.add(hash.segment(TAG_SEGMENT), text.segment(TAG_SEGMENT), variant);
        // Variants of one enum may share names, since only one of them is there: 256 numbers an enum.
        self.enums += 1;
        let first = self.enums * 256;
        let mut at = 0;
        while at < schema.variants.len() {
            self.fields(schema.variants[at].fields, hash, text, first + at as u32 % 256);
            at += 1;
        }
    }

    #[track_caller]
    const fn fields(&mut self, fields: &[Field], hash: Hash, text: Text, variant: u32) {
        let mut at = 0;
        while at < fields.len() {
            let field = &fields[at];
            match field.kind {
                FieldKind::Nested(schema) | FieldKind::Optional(schema) => {
                    let (hash, text) = match field.meta.rare().env_prefix {
                        Some(prefix) => (Hash::EMPTY.segment(prefix), Text::EMPTY.segment(prefix)),
                        None if field.meta.flatten => (hash, text),
                        None => (hash.segment(field.segment), text.segment(field.segment)),
                    };
                    self.schema(schema, hash, text, variant);
                }
                _ if field.meta.computed => {}
                _ => self.leaf(field, hash, text, variant),
            }
            at += 1;
        }
    }

    #[track_caller]
    const fn leaf(&mut self, field: &Field, hash: Hash, text: Text, variant: u32) {
        let meta: &Meta = field.meta;
        match meta.env {
            Env::None => {}
            Env::Names(names) => {
                let mut at = 0;
                while at < names.len() {
                    self.name(meta, Hash::EMPTY.segment(names[at]), Text::EMPTY.segment(names[at]), variant);
                    at += 1;
                }
            }
            Env::Derived => {
                self.name(meta, hash.segment(field.segment), text.segment(field.segment), variant);
                let mut at = 0;
                while at < meta.rare().aliases.len() {
                    let segment = meta.rare().aliases[at].segment;
                    self.name(meta, hash.segment(segment), text.segment(segment), variant);
                    at += 1;
                }
            }
        }
    }

    #[track_caller]
    const fn name(&mut self, meta: &Meta, hash: Hash, text: Text, variant: u32) {
        self.add(hash, text, variant);
        if meta.secret {
            self.add(hash.segment("FILE"), text.segment("FILE"), variant);
        }
    }

    #[track_caller]
    const fn add(&mut self, hash: Hash, text: Text, variant: u32) {
        if self.used * 4 > N * 3 {
            panic!("the configuration has too many settings to check their variables' names");
        }
        let value = if hash.value == 0 { 1 } else { hash.value };
        let mut at = (value as usize) & (N - 1);
        while self.hashes[at] != 0 {
            let other = self.variants[at];
            let siblings = other != variant && other / 256 == variant / 256 && other >= 256;
            if self.hashes[at] == value && !siblings {
                Message::of(&[
                    "two settings are set by the variable ",
                    text.as_str(),
                    ": give one of them another name with `env = \"…\"`, or its section a prefix with `env_prefix = \"…\"`",
                ])
                .fail();
            }
            at = (at + 1) & (N - 1);
        }
        self.hashes[at] = value;
        self.variants[at] = variant;
        self.used += 1;
    }
}

/// The segment of a tag's variable; the tag's key is `type` unless renamed.
const TAG_SEGMENT: &str = "TYPE";

/// Refuses two equal keys in one table, also through `flatten`.
#[track_caller]
const fn keys(schema: &Schema) {
    keys_of(schema.fields);
    let mut at = 0;
    while at < schema.variants.len() {
        keys_of(schema.variants[at].fields);
        at += 1;
    }
}

#[track_caller]
const fn keys_of(fields: &[Field]) {
    let mut at = 0;
    while at < fields.len() {
        let field = &fields[at];
        if field.meta.flatten
            && let FieldKind::Nested(schema) = field.kind
        {
            // Each key of the flattened struct against the others of the table.
            let mut inner = 0;
            while inner < schema.fields.len() {
                distinct(schema.fields[inner].key, fields, at);
                inner += 1;
            }
        }
        at += 1;
    }
}

/// Refuses a key that another field (not the one at `own`) of the table has.
#[track_caller]
const fn distinct(key: &str, fields: &[Field], own: usize) {
    let mut at = 0;
    while at < fields.len() {
        let field = &fields[at];
        if at != own {
            let clash = if field.meta.flatten {
                // Of two flattened structs, the later one looks at the earlier.
                at < own && flattened_has(field, key)
            } else {
                has_key(field, key)
            };
            if clash {
                Message::of(&[
                    "the key `",
                    key,
                    "` stands twice in one table: once flattened into it; rename one of the fields",
                ])
                .fail();
            }
        }
        at += 1;
    }
}

const fn flattened_has(field: &Field, key: &str) -> bool {
    if let FieldKind::Nested(schema) = field.kind {
        let mut at = 0;
        while at < schema.fields.len() {
            if has_key(&schema.fields[at], key) {
                return true;
            }
            at += 1;
        }
    }
    false
}

const fn has_key(field: &Field, key: &str) -> bool {
    if equal(field.key, key) {
        return true;
    }
    let mut at = 0;
    while at < field.meta.rare().aliases.len() {
        if equal(field.meta.rare().aliases[at].key, key) {
            return true;
        }
        at += 1;
    }
    false
}

const fn equal(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    let mut at = 0;
    while at < left.len() {
        if left[at] != right[at] {
            return false;
        }
        at += 1;
    }
    true
}
