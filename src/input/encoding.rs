//! Bytes into text. `kubectl` reads UTF-8 and nothing else.

/// A text, and what had to be done to get it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text. Bytes that are no UTF-8 are replaced one by one, so offsets hold.
    pub text: String,
    /// What the bytes are.
    pub encoding: Encoding,
}

/// What bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, by its byte order mark or its zero bytes: nothing of it can be read.
    Utf16,
    /// Not text at all.
    Binary,
    /// UTF-8 but for the byte at this offset, and perhaps others after it.
    Broken(usize),
}

/// Decodes a file.
#[must_use]
pub fn decode(bytes: &[u8]) -> Decoded {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Decoded { text: String::new(), encoding: Encoding::Utf16 };
    }
    if let Some(zero) = bytes.iter().position(|byte| *byte == 0) {
        // Latin text in UTF-16 has a zero in every second byte, from the first pair on.
        let encoding = if zero < 2 { Encoding::Utf16 } else { Encoding::Binary };
        return Decoded { text: String::new(), encoding };
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Decoded { text: text.to_string(), encoding: Encoding::Utf8 },
        Err(error) => Decoded { text: replace_invalid(bytes), encoding: Encoding::Broken(error.valid_up_to()) },
    }
}

fn replace_invalid(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        assert_eq!(decode("é".as_bytes()).encoding, Encoding::Utf8);
        assert_eq!(decode(&[0xff, 0xfe, b'a', 0]).encoding, Encoding::Utf16);
        assert_eq!(decode(&[0, b'a', 0, b'b']).encoding, Encoding::Utf16);
        assert_eq!(decode(b"\x7fELF\x02\x01\x00").encoding, Encoding::Binary);
        let broken = decode(b"a: \xe9t\xe9\nb: 1\n");
        assert_eq!(broken.encoding, Encoding::Broken(3));
        assert_eq!(broken.text, "a: ?t?\nb: 1\n");
    }
}
