/// An answer.
package struct HTTPResponse: Sendable {
  /// What follows the head.
  package enum Body: Sendable {
    case none
    case bytes([UInt8])
    /// Written piece by piece. When it throws, the connection ends without the end of the body, so
    /// that a client never takes a part for the whole.
    case stream(@Sendable (any HTTPBodyWriter) async throws -> Void)
  }

  /// The status code.
  package var status: Int
  /// The fields of the head.
  package var headers: [(name: String, value: String)]
  /// The body.
  package var body: Body

  /// Makes an answer.
  package init(
    _ status: Int, headers: [(name: String, value: String)] = [], body: Body = .none
  ) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// Makes an answer with a text as its body.
  package static func text(
    _ text: String, status: Int = 200, type: String = "text/plain; charset=utf-8",
    headers: [(name: String, value: String)] = []
  ) -> HTTPResponse {
    HTTPResponse(
      status, headers: [(name: "Content-Type", value: type)] + headers,
      body: .bytes(Array(text.utf8)))
  }
}

/// Takes the pieces of a streamed body.
package protocol HTTPBodyWriter: Sendable {
  /// Adds a piece; waits while the client is slower than the writer.
  ///
  /// - Throws: `CancellationError` when the client has left
  func write(_ piece: [UInt8]) async throws

  /// Adds a piece; blocks the thread while the client is slower. For threads that may wait, such as
  /// the queue of a connection to the database, never for a task.
  ///
  /// - Throws: `CancellationError` when the client has left
  func writeWaiting(_ piece: [UInt8]) throws
}
