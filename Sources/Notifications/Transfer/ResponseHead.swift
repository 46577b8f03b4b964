/// Status and headers of an HTTP answer as its lines come in.
struct ResponseHead: Equatable {
  /// The most bytes of status and header lines.
  static let limit = 65_536

  /// The status of the last status line; nil before there is one.
  private(set) var status: Int?
  /// The value of the header Retry-After.
  private(set) var retryAfter: String?
  /// Whether the empty line behind the headers of the final answer came.
  private(set) var isComplete = false
  private var byteCount = 0

  /// Takes a line.
  ///
  /// - Returns: whether more may come.
  mutating func add(_ line: String) -> Bool {
    byteCount += line.utf8.count
    guard byteCount <= Self.limit else { return false }
    // Trailers come behind the body.
    guard !isComplete else { return true }
    let text = line.filter { !$0.isNewline }
    if text.hasPrefix("HTTP/") {
      let words = text.split(separator: " ")
      status = words.count > 1 && words[1].utf8.count == 3 ? Int(words[1]) : nil
      retryAfter = nil
    } else if text.isEmpty {
      // 100 and 103 announce the answer.
      isComplete = status.map { $0 >= 200 } ?? false
    } else if let colon = text.firstIndex(of: ":"),
      text[..<colon].lowercased() == "retry-after"
    {
      retryAfter = String(text[text.index(after: colon)...])
    }
    return true
  }
}
