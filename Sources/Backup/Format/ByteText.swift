/// Text that keeps every byte: each one is a character of its own.
///
/// The dump tool writes the body of a routine in the character set of the client that wrote it, so a
/// definition need not be UTF-8. Keywords and punctuation are ASCII in all of these.
extension String {
  /// The text in which each byte is one character.
  package init(bytes: some Sequence<UInt8>) {
    var scalars = String.UnicodeScalarView()
    scalars.append(contentsOf: bytes.map { Unicode.Scalar($0) })
    self = String(scalars)
  }

  /// The bytes of a text in which each byte is one character.
  package var bytes: [UInt8] { unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }

  /// A text in UTF-8, to be put into one in which each byte is one character.
  package var asBytes: String { String(bytes: utf8) }

  /// The UTF-8 text of a part of a text in which each byte is one character.
  var fromBytes: String { String(decoding: bytes, as: UTF8.self) }
}
