import Foundation
import HTTP

/// A client that sends exactly the bytes that it is given.
struct RawClient: Sendable {
  let descriptor: Int32

  /// Connects to a port of the loopback.
  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let outcome = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    guard outcome == 0 else { throw POSIXError(.ECONNREFUSED) }
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  /// Sends bytes; false when the server has left.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }

  /// Sends a text; false when the server has left.
  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// Reads until the server closes the connection.
  func readToEnd() async -> String {
    await offPool {
      var all: [UInt8] = []
      while let piece = read() { all += piece }
      return String(decoding: all, as: UTF8.self)
    }
  }

  /// Reads what is there; nil at the end.
  private func read() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? Array(buffer.prefix(count)) : nil
  }

  /// Reads one answer with a Content-Length; nil when the connection ended before.
  func readAnswer() async -> (status: Int, body: String)? {
    await offPool { nextAnswer() }
  }

  private func nextAnswer() -> (status: Int, body: String)? {
    var all: [UInt8] = []
    while let piece = read() {
      all += piece
      let text = String(decoding: all, as: UTF8.self)
      guard let end = text.range(of: "\r\n\r\n") else { continue }
      let head = text[..<end.lowerBound]
      let length =
        head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
      let body = text[end.upperBound...]
      if body.utf8.count >= length {
        return (Int(head.dropFirst(9).prefix(3)) ?? 0, String(body))
      }
    }
    return nil
  }

  /// Waits on a thread that no task needs: the answers are made by tasks.
  private func offPool<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(returning: body()) }
    }
  }

  /// Ends the connection.
  func end() { _ = Glibc.close(descriptor) }
}

/// A server with a handler for tests.
struct TestServer {
  let server: MicrohttpdServer
  let port: Int

  init(limits: HTTPLimits = HTTPLimits(), handler: TestHandler = TestHandler()) throws {
    server = MicrohttpdServer(limits: limits)
    let socket = try ListeningSocket(.tcp(host: "127.0.0.1", port: 0))
    guard case .tcp(_, let port) = socket.address else { throw POSIXError(.EINVAL) }
    self.port = port
    try server.start(on: socket, handler: handler)
  }
}

/// Answers with what it understood.
struct TestHandler: HTTPHandler {
  func immediate(_ request: HTTPRequest) -> HTTPResponse? {
    request.path == "/now" ? .text("now") : nil
  }

  func bodyLimit(_ request: HTTPRequest) -> Int { 100_000 }

  func respond(to request: HTTPRequest) async -> HTTPResponse {
    switch request.path {
    case "/slow":
      try? await Task.sleep(for: .milliseconds(300))
      return .text("slow")
    case "/never":
      try? await Task.sleep(for: .seconds(3600))
      return .text("never")
    case "/stream":
      let count = Int(request.parameter("count") ?? "") ?? 10
      return HTTPResponse(
        200,
        body: .stream { writer in
          for number in 0..<count { try await writer.write(Array("line \(number)\n".utf8)) }
        })
    case "/broken":
      return HTTPResponse(
        200,
        body: .stream { writer in
          try await writer.write(Array("half".utf8))
          throw POSIXError(.EIO)
        })
    default:
      let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
      return .text(
        "\(request.method) \(request.path) [\(query)] \(String(decoding: request.body, as: UTF8.self))"
      )
    }
  }

  func refuse(_ refusal: HTTPRefusal) -> HTTPResponse {
    .text(refusal.message, status: refusal.status)
  }
}
