//! Tokens of Fernet, version 0x80 (<https://github.com/fernet/spec/blob/master/Spec.md>): AES-128 in CBC mode with PKCS #7,
//! signed by HMAC-SHA256, in URL-safe base64.
//!
//! The crate `fernet` makes and reads the same tokens. This is written of RustCrypto's parts because that crate takes no
//! initialisation vector, so that the specification's vector for making tokens can't be checked with it; it leaves decrypted
//! buffers behind; and it brings an older generation of the parts that the workspace has already.

use std::fmt;

use aes::Aes128;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::key::FernetKey;

const VERSION: u8 = 0x80;
const HEAD: usize = 1 + 8 + IV;
const IV: usize = 16;
const BLOCK: usize = 16;
const SIGNATURE: usize = 32;

/// How far ahead of the clock a token may be, in seconds: the specification's.
const MAX_SKEW: u64 = 60;

/// Why a token can't be read. It never holds anything of the token or its contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenError {
    /// It is no token: not in base64, of another version, or of an impossible length.
    Malformed,
    /// No key opens it: it was sealed with another one, or altered since.
    Refused,
    /// It is older than tokens may be.
    Expired,
    /// It is from the future, by more than a minute: this machine's clock is late, or the other's early.
    Future,
    /// What it holds is no text.
    NotText,
    /// The system gives no randomness, so nothing can be sealed.
    NoRandomness,
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "no Fernet token",
            Self::Refused => "no key opens this token: it was sealed with another key, or altered since",
            Self::Expired => "the token is older than it may be",
            Self::Future => "the token is from the future: check the clocks",
            Self::NotText => "what the token holds is no text",
            Self::NoRandomness => "the system gives no randomness",
        })
    }
}

impl std::error::Error for TokenError {}

/// A token, apart from its base64.
#[derive(Debug)]
pub(crate) struct Token(Vec<u8>);

impl Token {
    /// Reads the form; whether it is genuine only a key can tell.
    pub(crate) fn parse(text: &str) -> Result<Self, TokenError> {
        let bytes = URL_SAFE.decode(text).map_err(|_| TokenError::Malformed)?;
        let sealed = bytes.len().checked_sub(HEAD + SIGNATURE).ok_or(TokenError::Malformed)?;
        let is_whole = sealed > 0 && sealed.is_multiple_of(BLOCK) && bytes[0] == VERSION;
        if is_whole { Ok(Self(bytes)) } else { Err(TokenError::Malformed) }
    }

    /// When it was made, in seconds of Unix time; true only once it was opened.
    pub(crate) fn time(&self) -> u64 {
        let mut time = [0; 8];
        time.copy_from_slice(&self.0[1..9]);
        u64::from_be_bytes(time)
    }

    /// Its contents, if this key signed it.
    pub(crate) fn open(&self, key: &FernetKey) -> Result<Zeroizing<Vec<u8>>, TokenError> {
        let (message, signature) = self.0.split_at(self.0.len() - SIGNATURE);
        sign(key, message).verify_slice(signature).map_err(|_| TokenError::Refused)?;
        let mut buffer = Zeroizing::new(message[HEAD..].to_vec());
        let secret = Zeroizing::new(key.encrypting());
        let iv = &message[HEAD - IV..HEAD];
        let cipher = cbc::Decryptor::<Aes128>::new_from_slices(&*secret, iv).map_err(|_| TokenError::Refused)?;
        let length = cipher.decrypt_padded::<Pkcs7>(&mut buffer).map_err(|_| TokenError::Refused)?.len();
        Ok(Zeroizing::new(buffer[..length].to_vec()))
    }

    /// Whether it may be read now, where tokens may be this old.
    pub(crate) fn check_age(&self, ttl: u64, now: u64) -> Result<(), TokenError> {
        match self.time() {
            time if time.saturating_add(ttl) < now => Err(TokenError::Expired),
            time if time > now.saturating_add(MAX_SKEW) => Err(TokenError::Future),
            _ => Ok(()),
        }
    }
}

/// Makes a token at a time, with a fresh initialisation vector.
pub(crate) fn make(key: &FernetKey, contents: &[u8], time: u64) -> Result<String, TokenError> {
    let mut iv = [0; IV];
    getrandom::fill(&mut iv).map_err(|_| TokenError::NoRandomness)?;
    Ok(make_with(key, contents, time, iv))
}

fn make_with(key: &FernetKey, contents: &[u8], time: u64, iv: [u8; IV]) -> String {
    let mut bytes = vec![VERSION];
    bytes.extend_from_slice(&time.to_be_bytes());
    bytes.extend_from_slice(&iv);
    // One block more than whole ones, for the padding.
    let mut buffer = Zeroizing::new(vec![0; (contents.len() / BLOCK + 1) * BLOCK]);
    buffer[..contents.len()].copy_from_slice(contents);
    let secret = Zeroizing::new(key.encrypting());
    let cipher = cbc::Encryptor::<Aes128>::new((&*secret).into(), (&iv).into());
    let sealed =
        cipher.encrypt_padded::<Pkcs7>(&mut buffer, contents.len()).expect("the buffer has room for the padding");
    bytes.extend_from_slice(sealed);
    let signature = sign(key, &bytes).finalize().into_bytes();
    bytes.extend_from_slice(&signature);
    URL_SAFE.encode(bytes)
}

fn sign(key: &FernetKey, message: &[u8]) -> Hmac<Sha256> {
    let mut signature = Hmac::<Sha256>::new_from_slice(key.signing()).expect("HMAC takes a key of any length");
    signature.update(message);
    signature
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The specification's own vectors: generate.json, verify.json and invalid.json.
    const SECRET: &str = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
    const HELLO: &str =
        "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==";
    /// 1985-10-26T01:20:00-07:00.
    const THEN: u64 = 499_162_800;

    fn key() -> FernetKey {
        FernetKey::parse(SECRET).unwrap()
    }

    fn read(token: &str, now: u64) -> Result<Vec<u8>, TokenError> {
        let token = Token::parse(token)?;
        let contents = token.open(&key())?;
        token.check_age(60, now)?;
        Ok(contents.to_vec())
    }

    #[test]
    fn a_token_is_made_as_the_specification_says() {
        let iv = std::array::from_fn(|index| index as u8);
        assert_eq!(make_with(&key(), b"hello", THEN, iv), HELLO);
    }

    #[test]
    fn a_token_is_read_as_the_specification_says() {
        assert_eq!(read(HELLO, THEN + 1).unwrap(), b"hello");
    }

    #[test]
    fn every_invalid_token_of_the_specification_is_refused() {
        let cases = [
            (
                "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykQUFBQUFBQUFBQQ==",
                THEN + 1,
                TokenError::Refused,
            ),
            ("gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPA==", THEN + 1, TokenError::Malformed),
            (
                "%%%%%%%%%%%%%AECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q==",
                THEN + 1,
                TokenError::Malformed,
            ),
            (
                "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPOm73QeoCk9uGib28Xe5vz6oxq5nmxbx_v7mrfyudzUm",
                THEN + 1,
                TokenError::Malformed,
            ),
            (
                "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0ODz4LEpdELGQAad7aNEHbf-JkLPIpuiYRLQ3RtXatOYREu2FWke6CnJNYIbkuKNqOhw==",
                THEN + 1,
                TokenError::Refused,
            ),
            (
                "gAAAAAAdwStRAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAnja1xKYyhd-Y6mSkTOyTGJmw2Xc2a6kBd-iX9b_qXQcw==",
                THEN + 1,
                TokenError::Future,
            ),
            (
                "gAAAAAAdwJ6xAAECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAl1-szkFVzXTuGb4hR8AKtwcaX1YdykRtfsH-p1YsUD2Q==",
                THEN + 91,
                TokenError::Expired,
            ),
            (
                "gAAAAAAdwJ6xBQECAwQFBgcICQoLDA0OD3HkMATM5lFqGaerZ-fWPAkLhFLHpGtDBRLRTZeUfWgHSv49TF2AUEZ1TIvcZjK1zQ==",
                THEN + 1,
                TokenError::Refused,
            ),
        ];
        for (token, now, expected) in cases {
            assert_eq!(read(token, now), Err(expected), "{token}");
        }
    }

    #[test]
    fn a_token_in_which_any_character_is_altered_is_refused() {
        let token = make(&key(), b"a secret of more than one block of sixteen bytes", THEN).unwrap();
        for at in 0..token.len() {
            for other in (0_u8..=127).map(char::from).chain(['é', '\u{ff}']) {
                let altered = format!("{}{other}{}", &token[..at], &token[at + 1..]);
                if altered != token {
                    assert!(read(&altered, THEN).is_err(), "{at} {other:?}");
                }
            }
            assert!(read(&format!("{}{}", &token[..at], &token[at + 1..]), THEN).is_err(), "without {at}");
        }
        for longer in [
            format!("{token}="),
            format!("{token}A"),
            format!(" {token}"),
            token.trim_end_matches('=').to_owned() + "A",
        ] {
            assert!(longer == token || read(&longer, THEN).is_err(), "{longer}");
        }
    }

    #[test]
    fn a_token_in_which_any_bit_is_altered_is_refused() {
        let token = make(&key(), b"hunter2", THEN).unwrap();
        let bytes = URL_SAFE.decode(&token).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut altered = bytes.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            assert!(read(&URL_SAFE.encode(altered), THEN).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn contents_of_every_length_come_back() {
        for length in 0..70 {
            let contents: Vec<u8> = (0..length).map(|byte| byte as u8).collect();
            assert_eq!(read(&make(&key(), &contents, THEN).unwrap(), THEN).unwrap(), contents);
        }
    }
}
