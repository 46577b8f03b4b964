internal import PayopsCore

/// Times as the API writes and reads them: RFC 3339, UTC.
enum APITime {
  /// Reads a time or a date; nil for another text.
  static func instant(_ text: String) -> CivilInstant? {
    let plain = text.hasSuffix("Z") ? String(text.dropLast()) : text
    return CivilInstant(plain.replacing("T", with: " "))
  }

  /// Writes a value of a time column; fractions of a second stay.
  static func text(_ value: String) -> String { value.replacing(" ", with: "T") + "Z" }
}
