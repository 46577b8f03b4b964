internal import Foundation
internal import PayopsCore

/// The front of what a server said, as it may be shown.
enum Excerpt {
  /// The most characters.
  static let limit = 200

  /// Printable ASCII of the front of a body; nil when there is none.
  ///
  /// - Parameter secret: replaced by `***`; a server may send back what it got.
  static func text(_ body: [UInt8], without secret: Secret?) -> String? {
    var text = String(decoding: body, as: UTF8.self)
    if let secret {
      // Also a part of `user:password`, and both as a header has them.
      let encoded = Data(secret.reveal.utf8).base64EncodedString()
      let parts = [encoded, secret.reveal] + secret.reveal.split(separator: ":").map(String.init)
      for part in parts where part.utf8.count >= 4 { text = text.replacing(part, with: "***") }
    }
    let shown = text.unicodeScalars.map { scalar -> Character in
      (0x20..<0x7f).contains(scalar.value) ? Character(scalar) : scalar.value < 0x20 ? " " : "?"
    }
    let words = String(shown).split(separator: " ").joined(separator: " ")
    return words.isEmpty ? nil : String(words.prefix(limit))
  }
}
