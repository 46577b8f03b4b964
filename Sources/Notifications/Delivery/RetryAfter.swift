internal import CCurl
internal import Foundation
package import PayopsCore

/// The header `Retry-After` of RFC 9110.
package enum RetryAfter {
  /// The longest wait that a receiver may ask for.
  package static let cap = Duration.seconds(3600)

  /// Reads the value of the header.
  ///
  /// - Parameters:
  ///   - text: a number of seconds, or an HTTP date.
  ///   - now: the time from which a date counts.
  /// - Returns: 0 s to ``cap``; nil for any other text.
  package static func duration(_ text: String, now: CivilInstant) -> Duration? {
    let text = text.trimmingCharacters(in: .whitespaces)
    guard !text.isEmpty, text.utf8.count <= 64 else { return nil }
    if text.utf8.allSatisfy({ (48...57).contains($0) }) {
      // A number that overflows is above the cap anyway.
      return min(.seconds(Int32(text) ?? .max), cap)
    }
    // An HTTP date begins with a day of the week; libcurl would accept many other texts.
    guard text.first?.isLetter == true, text.contains(":") else { return nil }
    let time = curl_getdate(text, nil)
    guard time > 0 else { return nil }
    return min(max(.seconds(time - now.secondsSinceEpoch), .zero), cap)
  }
}
