/// The width of a text in a proportional sans serif, from the classes of its characters: enough to
/// leave room and to cut, without a font at hand.
enum TextWidth {
  /// - Parameters:
  ///   - text: one line
  ///   - size: font size in units of the drawing
  /// - Returns: the width in the same units, rather too wide than too narrow.
  static func of(_ text: String, size: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + share(of: $1) } * size
  }

  /// The text, or its beginning and an ellipsis when it is wider than the room.
  static func cut(_ text: String, to room: Double, size: Double) -> String {
    guard of(text, size: size) > room else { return text }
    var kept = ""
    var width = share(of: "…") * size
    for character in text {
      width += of(String(character), size: size)
      if width > room { break }
      kept.append(character)
    }
    while kept.last == " " { kept.removeLast() }
    return kept.isEmpty ? "" : kept + "…"
  }

  private static func share(of scalar: Unicode.Scalar) -> Double {
    switch scalar.value {
    case 0x202F, 0x2009, 0x200A: 0.25
    case 0x20, 0x2C, 0x2E, 0x27, 0x3A, 0x3B, 0x21, 0x7C: 0.31
    case 0x49, 0x69, 0x6A, 0x6C, 0x66, 0x74, 0x72, 0x28, 0x29, 0x2D: 0.39
    case 0x4D, 0x57, 0x6D, 0x77, 0x25, 0x40: 0.92
    case 0x41...0x5A: 0.7
    case 0x1100...0x11FF, 0x2E80...0xD7AF, 0xF900...0xFAFF, 0xFF00...0xFFEF, 0x1F000...: 1.05
    default: 0.6
    }
  }
}
