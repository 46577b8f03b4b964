internal import Foundation
internal import PayopsCore

/// The beginning of a server's answer, safe to show.
enum Excerpt {
  /// The most characters.
  static let limit = 200

  /// The beginning of a body in printable ASCII; nil when it is empty.
  ///
  /// - Parameter secret: replaced by `***`, because a server may send back the request.
  static func text(_ body: [UInt8], without secret: Secret?) -> String? {
    var text = String(decoding: body, as: UTF8.self)
    if let secret {
      // Also the parts of `user:password`, and both as encoded in a header.
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
