internal import CCurl
internal import Foundation
package import PayopsCore

/// The header `Retry-After` of RFC 9110.
package enum RetryAfter {
  /// The longest that a receiver may ask for.
  package static let cap = Duration.seconds(3600)

  /// Reads the value of the header.
  ///
  /// - Parameters:
  ///   - text: a number of seconds, or a date of HTTP.
  ///   - now: what a date counts from.
  /// - Returns: 0 s to ``cap``; nil for what is neither.
  package static func duration(_ text: String, now: CivilInstant) -> Duration? {
    let text = text.trimmingCharacters(in: .whitespaces)
    guard !text.isEmpty, text.utf8.count <= 64 else { return nil }
    if text.utf8.allSatisfy({ (48...57).contains($0) }) {
      // What overflows is too long anyway.
      return min(.seconds(Int32(text) ?? .max), cap)
    }
    // A date of HTTP begins with a day of the week; libcurl would take much else.
    guard text.first?.isLetter == true, text.contains(":") else { return nil }
    let time = curl_getdate(text, nil)
    guard time > 0 else { return nil }
    return min(max(.seconds(time - now.secondsSinceEpoch), .zero), cap)
  }
}
