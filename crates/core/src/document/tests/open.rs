//! Files of any format: extensions, encodings, sizes, and no panic whatever the bytes.

use std::path::Path;
use std::time::Instant;

use proptest::prelude::*;

use super::super::open::{Format, parse, parse_dotenv};
use super::super::{Document, Fault, NodeId};
use super::{name, outline, place, shown};

const FORMATS: [Format; 3] = [Format::Toml, Format::Yaml, Format::Json];

fn read(format: Format, bytes: &[u8]) -> (Document, Vec<Fault>) {
    let mut faults = Vec::new();
    let document = parse(format, name(), bytes.to_vec(), &mut faults);
    (document, faults)
}

/// Reads the bytes in every format, and looks at all that came of it.
fn read_all(bytes: &[u8]) {
    let mut documents: Vec<_> = FORMATS.iter().map(|format| read(*format, bytes)).collect();
    let mut faults = Vec::new();
    let document = parse_dotenv(name(), bytes.to_vec(), &|name| (name.len() == 1).then(|| "x".to_owned()), &mut faults);
    documents.push((document, faults));
    for (document, faults) in documents {
        let _ = outline(&document);
        assert!(faults.len() <= 20);
        for fault in faults {
            for span in [Some(fault.span), fault.related].into_iter().flatten() {
                assert!(span.start <= span.end && span.end as usize <= document.text().len(), "{fault:?}");
                assert!(document.text().is_char_boundary(span.start as usize), "{fault:?}");
                let _ = document.position(span.start);
            }
        }
    }
}

#[test]
fn the_extension_decides_the_format() {
    let of = |path: &str| Format::of_path(Path::new(path));
    assert_eq!(of("a/b.toml"), Some(Format::Toml));
    assert_eq!((of("b.yaml"), of("b.YML")), (Some(Format::Yaml), Some(Format::Yaml)));
    assert_eq!((of("b.json"), of("b.jsonc")), (Some(Format::Json), Some(Format::Json)));
    assert_eq!((of("b.json5"), of("toml"), of(".env")), (None, None, None));
}

#[test]
fn other_encodings_are_named() {
    for (bytes, encoding) in
        [(&b"\xff\xfea\0"[..], "UTF-16"), (b"\xfe\xff\0a", "UTF-16"), (b"\xff\xfe\0\0a\0\0\0", "UTF-32")]
    {
        let (_, faults) = read(Format::Toml, bytes);
        assert_eq!(faults[0].code, "document.encoding");
        assert!(faults[0].message.contains(encoding));
    }
}

#[test]
fn bytes_that_are_not_utf8_are_shown_in_their_line() {
    let (document, faults) = read(Format::Json, b"{\n \"\xc3\xa4\": \"\xff\"}");
    assert_eq!(shown(&document, &faults), ["2:8 document.encoding: this is not UTF-8; save the document as UTF-8"]);
    assert_eq!(document.text(), "{\n \"ä\": \"\u{fffd}\"}");
    assert_eq!(document.children(NodeId::ROOT).count(), 0);
}

#[test]
fn a_nul_byte_is_a_fault_at_its_place() {
    for format in FORMATS {
        let (document, faults) = read(format, b"a: 1\nb\0");
        assert_eq!(faults[0].code, "document.encoding");
        assert_eq!(place(&document, faults[0].span), "2:2");
    }
}

#[test]
fn a_byte_order_mark_is_accepted() {
    for (format, text) in
        [(Format::Toml, "\u{feff}a = 1"), (Format::Yaml, "\u{feff}a: 1"), (Format::Json, "\u{feff}{\"a\": 1}")]
    {
        let (document, faults) = read(format, text.as_bytes());
        assert!(faults.is_empty());
        let entry = document.get(NodeId::ROOT, "a").expect("an entry");
        assert_eq!(document.span(entry).start as usize, text.find('1').expect("a value"));
    }
}

#[test]
fn a_hundred_megabytes_are_refused_unread() {
    for format in FORMATS {
        let (_, faults) = read(format, &vec![b' '; 100_000_000]);
        assert_eq!(faults[0].code, "document.too_large");
    }
}

/// The worst that each grammar has, over and over; a quadratic parser would take minutes.
#[test]
fn no_document_takes_long() {
    let unit = |unit: &str, head: &str| format!("{head}{}", unit.repeat(30_000 / unit.len()));
    let cases = [
        "[",
        "]",
        "{",
        "}",
        "\"",
        "'",
        "a",
        ".",
        "=",
        ",",
        "#",
        "-",
        "- ",
        "? ",
        ": ",
        "&a ",
        "*a",
        "!",
        "!!",
        "%",
        "\n",
        " ",
        "\t",
        "\\",
        "$",
        "${A:-",
        "/*",
        "//",
        "0",
        "_",
        "a=",
        "a=[\n",
        "a=1\n",
        "[a]\n",
        "[[a]]\n",
        "[a.b]\n",
        "a.b=1\n",
        "a={\n",
        "a: 1\n",
        "a: [\n",
        "\"a\":",
        "\"a\":1,",
        "[1,",
        "{\"a\":",
        "|\n",
        "a: |\n ",
        "'''",
        "\"\"\"",
        "---\n",
        "...\n",
        "<<: ",
        "A=$A\n",
        "A=\"\\\n",
        "é",
        "\u{1}",
        "1 ",
        "a\n",
        "[\n",
        "k: &a [*a]\n",
        "\r",
        "x\r\n",
    ];
    for case in cases {
        for head in ["", "a: ", "a = ", "a = [", "{\"a\": ", "{\"a\": [", "a: [", "A=\"", "a = \"\"\"", "a: {"] {
            let text = unit(case, head);
            let start = Instant::now();
            read_all(text.as_bytes());
            let taken = start.elapsed();
            assert!(taken.as_secs() < 5, "{head:?} {case:?} took {taken:?}");
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_a_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        read_all(&bytes);
    }

    #[test]
    fn no_characters_make_a_parser_panic(text in "[\\[\\]{}:,=\"'\\\\#$&*!|>%@`?~<. \n\r\tab01é\u{feff}-]{0,48}") {
        read_all(text.as_bytes());
    }

    #[test]
    fn no_lines_make_a_parser_panic(text in "((a|b|\\[a\\.b\\]|\\[\\[a\\]\\]|<<|\"a\"|- |  |a\\.b)?( ?[=:] ?)(1|\"x|'é'|\\[|\\]|\\{b ?[:=] ?1,|\\}|&a|\\*a|\\$\\{a:-|\\$a|\"\\\\u00e9\"|\"\"\"|'''|\\|)?,?\r?\n){0,8}") {
        read_all(text.as_bytes());
    }
}
