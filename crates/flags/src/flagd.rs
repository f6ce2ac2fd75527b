//! flagd's JSON, read and written.
