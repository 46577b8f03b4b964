import Foundation
import HTTP

/// A server with a handler for tests.
struct HandlerServer {
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
  private static let kept = KeptResponse(
    .text(String(repeating: "kept ", count: 4000), headers: [(name: "ETag", value: "\"1\"")]))

  func immediate(_ request: HTTPRequest) -> ImmediateAnswer? {
    switch request.path {
    case "/now": .once(.text("now"))
    case "/kept": .kept(Self.kept)
    default: nil
    }
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
