import Foundation
import HTTP
import TestSupport
import Testing

@Suite("HTTP server", .timeLimit(.minutes(2)))
struct MicrohttpdServerTests {
  /// Sends a request and reads to the end of the connection.
  private func answer(_ request: String, on server: HandlerServer) async throws -> String {
    let client = try RawClient(port: server.port)
    defer { client.end() }
    client.send(request)
    return await client.readToEnd()
  }

  private static let close = "Host: a\r\nConnection: close\r\n"

  @Test("hands the parsed request to the handler")
  func parses() async throws {
    let server = try HandlerServer()
    let answers = [
      try await answer("GET /a%20b/c?x=1%262&y=a+b&z HTTP/1.1\r\n\(Self.close)\r\n", on: server),
      try await answer(
        "POST /p HTTP/1.1\r\n\(Self.close)Content-Length: 5\r\n\r\nhello", on: server),
      try await answer("GET /now HTTP/1.1\r\n\(Self.close)\r\n", on: server),
    ]
    await server.server.stop(drain: .seconds(1))
    #expect(answers[0].hasSuffix("GET /a b/c [x=1&2,y=a b,z=] "))
    #expect(answers[1].hasSuffix("POST /p [] hello"))
    #expect(answers[2].hasSuffix("now"))
  }

  @Test("answers several requests of one connection, also pipelined ones, in their order")
  func keepsAlive() async throws {
    let server = try HandlerServer()
    let client = try RawClient(port: server.port)
    let one = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"
    client.send(one + "GET /now HTTP/1.1\r\n\(Self.close)\r\n")
    let text = await client.readToEnd()
    client.end()
    await server.server.stop(drain: .seconds(1))
    let (slow, now) = (text.range(of: "slow"), text.range(of: "now"))
    #expect(try #require(slow).upperBound < #require(now).lowerBound)
  }

  @Test("a kept answer is the same for everybody, also without its body and at the same time")
  func keepsAnswers() async throws {
    let server = try HandlerServer()
    let body = String(repeating: "kept ", count: 4000)
    let request = "GET /kept HTTP/1.1\r\nHost: a\r\n\r\n"
    let texts = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<8 {
        group.addTask {
          try await answer(
            request + request + "GET /kept HTTP/1.1\r\n\(Self.close)\r\n", on: server)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let head = try await answer("HEAD /kept HTTP/1.1\r\n\(Self.close)\r\n", on: server)
    await server.server.stop(drain: .seconds(1))
    for text in texts {
      #expect(text.components(separatedBy: "\r\n\r\n" + body).count == 4)
      #expect(text.components(separatedBy: "\r\nETag: \"1\"\r\n").count == 4)
    }
    #expect(head.contains("Content-Length: 20000"))
    #expect(head.hasSuffix("\r\n\r\n"))
  }

  static let malformed: [(String, String)] = [
    (
      "two lengths", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n"
    ),
    (
      "two equal lengths",
      "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\ncontent-length: 5\r\n\r\n"
    ),
    ("a list of lengths", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n"),
    ("a signed length", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n"),
    ("a negative length", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"),
    ("a hexadecimal length", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\n"),
    (
      "a huge length", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n"
    ),
    (
      "more than the handler takes", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 100001\r\n\r\n"
    ),
    ("two hosts", "GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
    ("no host", "GET /a HTTP/1.1\r\nAccept: b\r\n\r\n"),
    (
      "two authorizations",
      "GET /a HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n"
    ),
    ("chunked", "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    (
      "chunked and a length",
      "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    ),
    (
      "chunked, obscured",
      "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"
    ),
    ("a blank in a name", "GET /a HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\n"),
    ("a NUL in a value", "GET /a HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n"),
    ("a NUL in a name", "GET /a HTTP/1.1\r\nHost: a\r\nX\0Y: b\r\n\r\n"),
    ("a NUL in the target", "GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("a control byte in a value", "GET /a HTTP/1.1\r\nHost: a\r\nX: a\u{1}b\r\n\r\n"),
    ("a bare carriage return", "GET /a HTTP/1.1\r\nHost: a\r\nX: a\rY: b\r\n\r\n"),
    ("a folded line", "GET /a HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n"),
    ("an absolute target", "GET http://b/a HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("a star", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("an unknown method", "BREW /a HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("a method in lower case", "get /a HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("CONNECT", "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("another version", "GET /a HTTP/3.0\r\nHost: a\r\n\r\n"),
    ("no version", "GET /a\r\nHost: a\r\n\r\n"),
    ("a half escape", "GET /a%2 HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("an escaped slash", "GET /a%2Fb HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("an escaped dot segment", "GET /a/%2e%2e/b HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("an escaped NUL", "GET /a?x=%00 HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("bytes that are not UTF-8", "GET /a%FF HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("a body with GET", "GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"),
    (
      "too many fields",
      "GET /a HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: y\r\n", count: 80) + "\r\n"
    ),
    (
      "a long name", "GET /a HTTP/1.1\r\nHost: a\r\n\(String(repeating: "x", count: 65)): y\r\n\r\n"
    ),
    (
      "a long value",
      "GET /a HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "y", count: 5000))\r\n\r\n"
    ),
    ("a long target", "GET /\(String(repeating: "y", count: 9000)) HTTP/1.1\r\nHost: a\r\n\r\n"),
    (
      "a huge head",
      "GET /a HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "y", count: 90_000))\r\n\r\n"
    ),
  ]

  @Test(
    "a malformed request is refused or dropped, and nothing behind it is understood as another",
    arguments: malformed)
  func refuses(name: String, request: String) async throws {
    let server = try HandlerServer()
    let client = try RawClient(port: server.port)
    client.send(request + "GET /smuggled HTTP/1.1\r\n\(Self.close)\r\n")
    client.finishSending()
    let text = await client.readToEnd()
    client.end()
    await server.server.stop(drain: .seconds(1))
    #expect(!text.contains("/smuggled"), "\(text)")
    #expect(text.isEmpty || text.hasPrefix("HTTP/1.1 4") || text.hasPrefix("HTTP/1.1 5"), "\(text)")
    #expect(!text.contains(" 500 "))
  }

  @Test("a client that sends a byte now and then is ended, however often it does")
  func endsSlowClients() async throws {
    var limits = HTTPLimits()
    limits.headDeadline = .milliseconds(700)
    let server = try HandlerServer(limits: limits)
    let client = try RawClient(port: server.port)
    var sent = 0
    for byte in "GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".utf8 {
      guard client.send([byte]) else { break }
      sent += 1
      try await Task.sleep(for: .milliseconds(100))
    }
    client.end()
    let overdue = server.server.statistics.overdue
    await server.server.stop(drain: .seconds(1))
    #expect(sent < 60)
    #expect(overdue == 1)
  }

  @Test("a slow answer does not delay others")
  func keepsOthersFast() async throws {
    var limits = HTTPLimits()
    limits.answerDeadline = .seconds(5)
    let server = try HandlerServer(limits: limits)
    let waiting = try (0..<20).map { _ in
      let client = try RawClient(port: server.port)
      client.send("GET /never HTTP/1.1\r\n\(Self.close)\r\n")
      return client
    }
    while server.server.statistics.active < 20 { try await Task.sleep(for: .milliseconds(5)) }
    let text = try await answer("GET /now HTTP/1.1\r\n\(Self.close)\r\n", on: server)
    var late: [String] = []
    for client in waiting { late.append(await client.readToEnd()) }
    for client in waiting { client.end() }
    await server.server.stop(drain: .seconds(1))
    #expect(text.hasSuffix("now"))
    #expect(late.allSatisfy { $0.contains(" 503 ") })
  }

  @Test("a streamed body arrives whole, however much larger than memory holds at once")
  func streams() async throws {
    let server = try HandlerServer()
    let text = try await answer("GET /stream?count=50000 HTTP/1.1\r\n\(Self.close)\r\n", on: server)
    await server.server.stop(drain: .seconds(1))
    #expect(text.contains("line 49999\n"))
    #expect(text.hasSuffix("0\r\n\r\n"))
  }

  @Test("a stream that fails ends without the end of its body")
  func breaksStreams() async throws {
    let server = try HandlerServer()
    let text = try await answer("GET /broken HTTP/1.1\r\n\(Self.close)\r\n", on: server)
    await server.server.stop(drain: .seconds(1))
    #expect(text.contains("half"))
    #expect(!text.hasSuffix("0\r\n\r\n"))
  }

  @Test("a stream to a client that cannot see its end is refused")
  func refusesOldStreams() async throws {
    let server = try HandlerServer()
    let text = try await answer("GET /stream HTTP/1.0\r\n\r\n", on: server)
    await server.server.stop(drain: .seconds(1))
    #expect(text.contains(" 505 "))
  }

  @Test("stopping lets a request in progress end and refuses new connections")
  func drains() async throws {
    let server = try HandlerServer()
    let client = try RawClient(port: server.port)
    client.send("GET /slow HTTP/1.1\r\n\(Self.close)\r\n")
    while server.server.statistics.active == 0 { try await Task.sleep(for: .milliseconds(5)) }
    async let stopped: Void = server.server.stop(drain: .seconds(10))
    let text = await client.readToEnd()
    await stopped
    client.end()
    #expect(text.hasSuffix("slow"))
    #expect(throws: (any Error).self) { try RawClient(port: server.port) }
  }

  @Test("five hundred connections are served at once")
  func servesMany() async throws {
    let server = try HandlerServer()
    let clients = try (0..<500).map { _ in try RawClient(port: server.port) }
    for client in clients { client.send("GET /now HTTP/1.1\r\nHost: a\r\n\r\n") }
    var answers: [(status: Int, body: String)?] = []
    for client in clients { answers.append(await client.readAnswer()) }
    for client in clients { client.end() }
    await server.server.stop(drain: .seconds(1))
    #expect(answers.allSatisfy { $0?.status == 200 && $0?.body == "now" })
  }

  @Test("a socket file is made for its owner and group, and removed at the end")
  func listensOnFiles() async throws {
    let path = NSTemporaryDirectory() + "/payops-http-\(UUID().uuidString.prefix(8)).sock"
    let server = MicrohttpdServer()
    try server.start(on: ListeningSocket(.file(path)), handler: TestHandler())
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o660)
    #expect(throws: (any Error).self) { try ListeningSocket(.file(path)) }
    await server.stop(drain: .seconds(1))
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
