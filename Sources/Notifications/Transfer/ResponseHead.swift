/// Collects status and headers of an HTTP answer line by line.
struct ResponseHead: Equatable {
  /// The most bytes of status and header lines.
  static let limit = 65_536

  /// The status of the last status line; nil before the first.
  private(set) var status: Int?
  /// The value of the header Retry-After.
  private(set) var retryAfter: String?
  /// Whether the headers of the final answer are complete.
  private(set) var isComplete = false
  private var byteCount = 0

  /// Adds a line.
  ///
  /// - Returns: false once the lines exceed the limit.
  mutating func add(_ line: String) -> Bool {
    byteCount += line.utf8.count
    guard byteCount <= Self.limit else { return false }
    // Lines after the head are trailers of the body.
    guard !isComplete else { return true }
    let text = line.filter { !$0.isNewline }
    if text.hasPrefix("HTTP/") {
      let words = text.split(separator: " ")
      status = words.count > 1 && words[1].utf8.count == 3 ? Int(words[1]) : nil
      retryAfter = nil
    } else if text.isEmpty {
      // 100 and 103 precede the final answer.
      isComplete = status.map { $0 >= 200 } ?? false
    } else if let colon = text.firstIndex(of: ":"),
      text[..<colon].lowercased() == "retry-after"
    {
      retryAfter = String(text[text.index(after: colon)...])
    }
    return true
  }
}
