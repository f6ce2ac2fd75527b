//! Paths: what is parsed is printed as it would be parsed again, and segments survive.

use strata_config::FieldPath;

/// Parses a path, and builds one of arbitrary segments.
pub fn path(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(path) = FieldPath::parse(&text) {
        assert_eq!(FieldPath::parse(path.as_str()).as_ref(), Ok(&path), "parsing again");
        let segments = path.segments();
        let built = segments.iter().fold(FieldPath::ROOT, |path, segment| path.child(segment));
        assert_eq!(built, path, "its segments make the path");
        assert_eq!(path.is_root(), segments.is_empty());
    }
    // The same bytes as segments of one path, cut at line breaks.
    let segments: Vec<&str> = text.split('\n').collect();
    let path = segments.iter().fold(FieldPath::ROOT, |path, segment| path.child(segment));
    assert_eq!(path.segments(), segments);
    assert_eq!(FieldPath::parse(path.as_str()).as_ref(), Ok(&path));
    assert!(FieldPath::ROOT.contains(&path) && path.contains(&path) && !path.is_root());
    for at in 0..segments.len().min(8) {
        let of = |segments: &[&str]| segments.iter().fold(FieldPath::ROOT, |path, segment| path.child(segment));
        let (above, below) = (of(&segments[..at]), of(&segments[at..]));
        assert_eq!(above.join(&below), path);
        assert!(above.contains(&path));
        assert!(!path.contains(&above) || above == path);
        // A longer last segment is another setting.
        let longer = of(&segments[..at]).child(&format!("{}x", segments[at]));
        assert!(!of(&segments[..=at]).contains(&longer));
    }
}
