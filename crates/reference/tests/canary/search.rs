//! What counts as a marker that is shown: any twelve bytes in a row of it, as they are or encoded.

use std::collections::HashMap;

use strata_config_secrets::to_base64;

/// So many bytes in a row are no chance.
const WINDOW: usize = 12;

/// The ways in which a text may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Plain,
    Reversed,
    Hex,
    Base64,
    Percent,
    /// As `Debug` writes bytes: `[104, 117, 110]`.
    Decimal,
}

/// Where a marker is shown.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) form: Form,
    pub(crate) at: usize,
    /// Which marker, by what it marks.
    pub(crate) name: String,
}

/// Any window has such a part at a place that is a multiple of its length, so that only these places are looked at.
const PART: usize = WINDOW / 2;

/// Markers to search for, in all their forms.
#[derive(Debug, Default)]
pub(crate) struct Search {
    windows: HashMap<[u8; WINDOW], (usize, Form)>,
    /// Which two bytes begin a part of a window, so that most places are passed by at once.
    begins: Vec<bool>,
    names: Vec<String>,
}

impl Search {
    /// Searches for this marker, too. It is longer than a window, so that also a part of it is found.
    pub(crate) fn add(&mut self, name: &str, marker: &str) {
        assert!(marker.len() >= WINDOW * 2, "the marker of {name} is too short to be found in parts");
        self.begins.resize(1 << 16, false);
        self.names.push(name.to_owned());
        for (form, text) in forms(marker) {
            for window in text.as_bytes().windows(WINDOW) {
                let known: [u8; WINDOW] = window.try_into().expect("a window has its length");
                self.windows.insert(known, (self.names.len() - 1, form));
                for at in 0..=WINDOW - PART {
                    self.begins[begin(window, at)] = true;
                }
            }
        }
    }

    /// The first place where any marker is shown.
    pub(crate) fn find(&self, bytes: &[u8]) -> Option<Found> {
        let mut part = 0;
        while part + PART <= bytes.len() {
            if self.begins[begin(bytes, part)] {
                let first = part.saturating_sub(WINDOW - PART);
                let found = (first..=part).find_map(|at| self.at(bytes, at));
                if found.is_some() {
                    return found;
                }
            }
            part += PART;
        }
        None
    }

    fn at(&self, bytes: &[u8], at: usize) -> Option<Found> {
        let (name, form) = self.windows.get(bytes.get(at..at + WINDOW)?)?;
        Some(Found { form: *form, at, name: self.names[*name].clone() })
    }
}

fn begin(bytes: &[u8], at: usize) -> usize {
    usize::from(bytes[at]) << 8 | usize::from(bytes[at + 1])
}

fn forms(marker: &str) -> Vec<(Form, String)> {
    let bytes = marker.as_bytes();
    let joined =
        |write: &dyn Fn(&u8) -> String, between: &str| bytes.iter().map(write).collect::<Vec<_>>().join(between);
    let mut forms = vec![
        (Form::Plain, marker.to_owned()),
        (Form::Reversed, marker.chars().rev().collect()),
        (Form::Hex, joined(&|byte| format!("{byte:02x}"), "")),
        (Form::Hex, joined(&|byte| format!("{byte:02X}"), "")),
        (Form::Percent, joined(&|byte| format!("%{byte:02x}"), "")),
        (Form::Percent, joined(&|byte| format!("%{byte:02X}"), "")),
        (Form::Decimal, joined(&u8::to_string, ", ")),
        (Form::Decimal, joined(&u8::to_string, ",")),
    ];
    // Wherever it stands within what is encoded. Twelve characters are nine bytes, so the ends are cut that depend on
    // what stands beside it.
    for before in 0..3 {
        let text = to_base64(&format!("{}{marker}", "x".repeat(before)));
        let own = text.trim_end_matches('=');
        forms.push((Form::Base64, own[4..own.len() - 4].to_owned()));
        forms.push((Form::Base64, own[4..own.len() - 4].replace('-', "+").replace('_', "/")));
    }
    forms
}
