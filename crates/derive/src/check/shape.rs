//! What the macro knows of a field's type from its name.

use syn::{Expr, ExprLit, GenericArgument, Lit, PathArguments, PathSegment, Type};

/// A type as far as its name tells.
#[derive(Clone)]
pub(super) enum Shape<'a> {
    Bool,
    Char,
    Int(IntType),
    Float(&'static str),
    /// Any text.
    Str,
    /// A text of this form: its type, an example and the check.
    Address(&'static str, &'static str, fn(&str) -> bool),
    Duration,
    Size,
    List {
        item: Box<Shape<'a>>,
        len: Option<usize>,
    },
    Map(Box<Shape<'a>>),
    Option(Box<Shape<'a>>),
    /// Anything else, which may be an enum of choices.
    Unknown(&'a Type),
}

/// An integer type.
#[derive(Clone, Copy)]
pub(super) struct IntType {
    pub(super) name: &'static str,
    pub(super) min: i128,
    pub(super) max: i128,
    pub(super) zero: bool,
}

macro_rules! ints {
    ($($int:ident $non_zero:ident),*) => {
        &[$(
            IntType { name: stringify!($int), min: $int::MIN as i128, max: if $int::MAX as u128 > i128::MAX as u128 { i128::MAX } else { $int::MAX as i128 }, zero: true },
            IntType { name: stringify!($non_zero), min: $int::MIN as i128, max: if $int::MAX as u128 > i128::MAX as u128 { i128::MAX } else { $int::MAX as i128 }, zero: false },
        )*]
    };
}

const INTS: &[IntType] = ints![
    u8 NonZeroU8, u16 NonZeroU16, u32 NonZeroU32, u64 NonZeroU64, u128 NonZeroU128, usize NonZeroUsize,
    i8 NonZeroI8, i16 NonZeroI16, i32 NonZeroI32, i64 NonZeroI64, i128 NonZeroI128, isize NonZeroIsize
];

impl<'a> Shape<'a> {
    pub(super) fn of(ty: &'a Type) -> Self {
        match bare(ty) {
            Type::Array(array) => {
                let len = match &array.len {
                    Expr::Lit(ExprLit { lit: Lit::Int(len), .. }) => len.base10_parse().ok(),
                    _ => None,
                };
                Self::List { item: Box::new(Self::of(&array.elem)), len }
            }
            ty @ Type::Path(_) => known_segment(ty).and_then(Self::named).unwrap_or(Self::Unknown(ty)),
            ty => Self::Unknown(ty),
        }
    }

    fn named(segment: &'a PathSegment) -> Option<Self> {
        let name = segment.ident.to_string();
        let inner = |at: usize| arguments(segment).nth(at).map(Self::of);
        let boxed = |at: usize| inner(at).map(Box::new);
        Some(match &*name {
            "bool" => Self::Bool,
            "char" => Self::Char,
            "f32" => Self::Float("f32"),
            "f64" => Self::Float("f64"),
            "String" | "PathBuf" | "str" | "Path" => Self::Str,
            "IpAddr" => Self::Address("IpAddr", "127.0.0.1", parses::<std::net::IpAddr>),
            "Ipv4Addr" => Self::Address("Ipv4Addr", "127.0.0.1", parses::<std::net::Ipv4Addr>),
            "Ipv6Addr" => Self::Address("Ipv6Addr", "::1", parses::<std::net::Ipv6Addr>),
            "SocketAddr" => Self::Address("SocketAddr", "127.0.0.1:8080", parses::<std::net::SocketAddr>),
            "SocketAddrV4" => Self::Address("SocketAddrV4", "127.0.0.1:8080", parses::<std::net::SocketAddrV4>),
            "SocketAddrV6" => Self::Address("SocketAddrV6", "[::1]:8080", parses::<std::net::SocketAddrV6>),
            "Duration" => Self::Duration,
            "ByteSize" => Self::Size,
            "Option" => Self::Option(boxed(0)?),
            "Secret" | "Box" | "Arc" | "Rc" | "Cow" => inner(0)?,
            "Vec" | "VecDeque" | "HashSet" | "BTreeSet" => Self::List { item: boxed(0)?, len: None },
            "HashMap" | "BTreeMap" => Self::Map(boxed(1)?),
            _ => Self::Int(*INTS.iter().find(|int| int.name == name)?),
        })
    }

    /// The type within `Option`, or the type itself.
    pub(super) fn value(&self) -> &Self {
        match self {
            Self::Option(inner) => inner.value(),
            other => other,
        }
    }

    /// What `each` goes over.
    pub(super) fn item(&self) -> Option<&Self> {
        match self.value() {
            Self::List { item, .. } | Self::Map(item) => Some(item),
            Self::Unknown(_) => Some(self),
            _ => None,
        }
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self.value(), Self::Int(_) | Self::Float(_) | Self::Duration | Self::Size | Self::Unknown(_))
    }

    pub(super) fn has_length(&self) -> bool {
        matches!(self.value(), Self::Str | Self::List { .. } | Self::Map(_) | Self::Unknown(_))
    }

    pub(super) fn is_text(&self) -> bool {
        matches!(self.value(), Self::Str | Self::Unknown(_))
    }

    /// Whether it is surely one value, neither list, map nor struct.
    pub(super) fn is_scalar(&self) -> bool {
        !matches!(self.value(), Self::List { .. } | Self::Map(_) | Self::Unknown(_))
    }

    /// The type's name, for messages.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Bool => "`bool`".to_owned(),
            Self::Char => "`char`".to_owned(),
            Self::Int(int) => format!("`{}`", int.name),
            Self::Float(name) | Self::Address(name, ..) => format!("`{name}`"),
            Self::Str => "a text".to_owned(),
            Self::Duration => "`Duration`".to_owned(),
            Self::Size => "`ByteSize`".to_owned(),
            Self::List { .. } => "a list".to_owned(),
            Self::Map(_) => "a map".to_owned(),
            Self::Option(inner) => inner.name(),
            Self::Unknown(_) => "this type".to_owned(),
        }
    }
}

/// A type without the invisible groups and parentheses that macros leave around it.
pub(super) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => bare(&group.elem),
        Type::Paren(paren) => bare(&paren.elem),
        ty => ty,
    }
}

/// The last segment of a path that names a type of the standard library or of ours: alone, or with its full path.
pub(super) fn known_segment(ty: &Type) -> Option<&PathSegment> {
    let Type::Path(path) = bare(ty) else { return None };
    let segments = &path.path.segments;
    let trusted = segments.len() == 1
        || segments.first().is_some_and(|first| {
            ["std", "core", "alloc", "strata_config", "strata_config_core"].iter().any(|known| first.ident == known)
        });
    (path.qself.is_none() && trusted).then(|| segments.last())?
}

/// The type within `Name<…>`, if the type has that name.
pub(super) fn within<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let segment = known_segment(ty)?;
    if segment.ident == name { arguments(segment).next() } else { None }
}

fn arguments(segment: &PathSegment) -> impl Iterator<Item = &Type> {
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
        _ => None,
    };
    arguments.into_iter().flatten().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

fn parses<T: std::str::FromStr>(text: &str) -> bool {
    text.parse::<T>().is_ok()
}
