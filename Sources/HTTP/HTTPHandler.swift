/// Answers requests.
package protocol HTTPHandler: Sendable {
  /// Answers at once, without waiting for anything; called on the thread of a connection.
  ///
  /// - Returns: nil when the answer needs work
  func immediate(_ request: HTTPRequest) -> ImmediateAnswer?

  /// Decides by the head whether a body is read.
  ///
  /// - Parameter request: the request, without its body
  /// - Returns: the most bytes that its body may have
  func bodyLimit(_ request: HTTPRequest) -> Int

  /// Answers a request.
  func respond(to request: HTTPRequest) async -> HTTPResponse

  /// Makes the answer to a request that was refused before it could be handled.
  func refuse(_ refusal: HTTPRefusal) -> HTTPResponse
}

/// A server for HTTP/1.1 that hands requests to a handler. What serves can be replaced; nothing
/// behind this protocol knows a library.
package protocol HTTPServing: AnyObject, Sendable {
  /// Starts to accept connections.
  ///
  /// - Parameters:
  ///   - socket: the socket that listens; it is closed at the end
  ///   - handler: answers the requests
  /// - Throws: `Fault`
  func start(on socket: ListeningSocket, handler: any HTTPHandler) throws

  /// Stops: accepts no connection, lets requests in progress end until the limit, and closes all.
  ///
  /// - Parameter drain: how long requests in progress may take
  func stop(drain: Duration) async

  /// What the server did so far.
  var statistics: HTTPStatistics { get }
}

/// Counts of a server since it started.
package struct HTTPStatistics: Sendable, Equatable {
  /// Connections that are open.
  package var openConnections = 0
  /// Connections accepted.
  package var connections = 0
  /// Requests with a complete head.
  package var requests = 0
  /// Requests refused for their head.
  package var refused = 0
  /// Connections that were ended because a request took too long.
  package var overdue = 0
  /// Answers in progress.
  package var active = 0

  /// Counts of nothing.
  package init() {}
}
