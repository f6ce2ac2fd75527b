//! Messages made of parts while the program compiles.

/// A message made of parts; what does not fit is left out.
pub(crate) struct Message {
    bytes: [u8; 400],
    length: usize,
}

impl Message {
    pub(crate) const fn of(parts: &[&str]) -> Self {
        let mut message = Self { bytes: [0; 400], length: 0 };
        let mut part = 0;
        while part < parts.len() {
            message = message.add(parts[part]);
            part += 1;
        }
        message
    }

    /// The message, then a part.
    pub(crate) const fn add(mut self, part: &str) -> Self {
        let bytes = part.as_bytes();
        // A part that is cut could end within a character, and the whole message would be lost.
        if self.length + bytes.len() > self.bytes.len() {
            return self;
        }
        let mut at = 0;
        while at < bytes.len() {
            self.bytes[self.length] = bytes[at];
            self.length += 1;
            at += 1;
        }
        self
    }

    /// Ends the compilation with the message.
    #[track_caller]
    pub(crate) const fn fail(&self) -> ! {
        let (text, _) = self.bytes.split_at(self.length);
        match core::str::from_utf8(text) {
            Ok(text) => panic!("{}", text),
            Err(_) => panic!("the annotations of this type contradict each other"),
        }
    }
}
