/// Cuts texts to the limits of receivers.
enum TextLimit {
  /// The beginning of a text, at most a number of UTF-16 units long, with `…` after a cut; a
  /// visible character is never split.
  ///
  /// - Parameter escape: the escaped form of a character; the limit applies to escaped characters.
  static func cut(
    _ text: String, to limit: Int, escape: (Character) -> String = { String($0) }
  ) -> String {
    var kept = ""
    var count = 0
    var fits = ""
    for character in text {
      let written = escape(character)
      count += written.utf16.count
      if count > limit { return fits + "…" }
      kept += written
      if count <= limit - 1 { fits = kept }
    }
    return kept
  }

  /// A text on one line: control characters, including line ends, become blanks.
  static func oneLine(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      // Includes line and paragraph separators, and marks that reverse the direction of text.
      let isControl =
        scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
        || (0x2028...0x202e).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
      scalars.append(isControl ? " " : scalar)
    }
    return String(scalars)
  }
}
