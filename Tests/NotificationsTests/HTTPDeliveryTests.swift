import Foundation
import PayopsCore
import TestSupport
import Testing

@testable import Notifications

@Suite("Delivery over HTTP", .timeLimit(.minutes(2)))
struct HTTPDeliveryTests {
  private let sender = NotificationSender(now: { Samples.instant("2026-11-22 10:06:30") })

  /// Sends the sample notification to a given behaviour of the receiver.
  private func outcome(
    _ path: String, total: Duration = .seconds(60), kind: ChannelKind = .webhook
  ) async throws -> DeliveryOutcome {
    let receiver = try await Receiver.shared()
    let channel = try Channel(
      name: "x", kind: kind, target: receiver.url(path),
      connection: try Receiver.connection(total: total))
    return await sender.deliver(Samples.full, through: channel)
  }

  private func retries(
    _ outcome: DeliveryOutcome, _ code: DeliveryFailure.Code, after: Duration? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    guard case .retry(after, let failure) = outcome, failure.code == code else {
      Issue.record("\(outcome)", sourceLocation: sourceLocation)
      return
    }
  }

  private func fails(
    _ outcome: DeliveryOutcome, _ code: DeliveryFailure.Code,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    guard case .failed(let failure) = outcome, failure.code == code else {
      Issue.record("\(outcome)", sourceLocation: sourceLocation)
      return
    }
  }

  @Test("a delivery succeeds with any 2xx", arguments: [200, 201, 202, 204])
  func delivered(status: Int) async throws {
    let token = Receiver.token()
    #expect(try await outcome("/\(status)/\(token)") == .delivered)
    #expect(try await Receiver.shared().requests(token).count == 1)
  }

  @Test("a delivery is retried after a temporary error", arguments: [500, 502, 503, 504, 599])
  func serverErrors(status: Int) async throws {
    let outcome = try await outcome("/\(status)/\(Receiver.token())")
    retries(outcome, .serverError)
    #expect(outcome.failure?.status == status)
    #expect(outcome.failure?.excerpt?.hasPrefix("status \(status) [31m second line {") == true)
    #expect((outcome.failure?.excerpt?.count ?? 0) <= 200)
  }

  @Test("a retry waits as long as the receiver asks")
  func retryAfter() async throws {
    let token = Receiver.token()
    retries(try await outcome("/429/\(token)/7"), .overloaded, after: .seconds(7))
    retries(try await outcome("/503/\(token)/8"), .serverError, after: .seconds(8))
    retries(try await outcome("/408/\(token)"), .overloaded)
    retries(try await outcome("/429/\(token)/soon"), .overloaded)
    retries(try await outcome("/429/\(token)/999999"), .overloaded, after: .seconds(3600))
    let date = "Sun,_22_Nov_2026_10:07:30_GMT"
    retries(try await outcome("/429/\(token)/\(date)"), .overloaded, after: .seconds(60))
    // An informational response is not the answer.
    retries(try await outcome("/continue/\(token)"), .serverError)
  }

  @Test(
    "a delivery that the receiver refuses is not retried",
    arguments: [400, 401, 403, 404, 410, 422])
  func rejected(status: Int) async throws {
    let outcome = try await outcome("/\(status)/\(Receiver.token())")
    fails(outcome, .rejected)
    #expect(outcome.failure?.reason == "http://127.0.0.1 refuses the notification (HTTP \(status))")
  }

  @Test("a delivery follows no redirect", arguments: [301, 302, 303, 307, 308])
  func redirects(status: Int) async throws {
    let token = Receiver.token()
    let outcome = try await outcome("/\(status)/\(token)")
    fails(outcome, .redirected)
    #expect(outcome.failure?.status == status)
    let requests = try await Receiver.shared().requests(token)
    #expect(requests.map(\.path) == ["/\(status)/\(token)"])
  }

  @Test(
    "a delivery is retried when the connection breaks before status and headers are complete",
    arguments: ["reset", "silent-close", "partial-head"])
  func broken(behaviour: String) async throws {
    let token = Receiver.token()
    retries(try await outcome("/\(behaviour)/\(token)"), .connectionLost)
    // Only the caller decides about another attempt.
    #expect(try await Receiver.shared().requests(token).count == 1)
  }

  @Test("a delivery counts once status and headers are complete, however the body ends")
  func headCounts() async throws {
    #expect(try await outcome("/close-after-head/\(Receiver.token())") == .delivered)
    // Only the beginning of an endless body is read: the receiver cannot write the rest.
    let token = Receiver.token()
    #expect(try await outcome("/huge/\(token)/200") == .delivered)
    retries(try await outcome("/huge/\(token)/500"), .serverError)
    let receiver = try await Receiver.shared()
    _ = try await receiver.program.wait(for: "cut bodies") {
      try receiver.requests(token).count { $0.path.hasSuffix("/cut") } == 2 ? true : nil
    }
    // On a busy machine even the headers may take longer than a short limit.
    var last: DeliveryOutcome?
    for seconds in [1, 4, 16] where last != .delivered {
      last = try await outcome("/trickle-body/\(Receiver.token())", total: .seconds(seconds))
    }
    #expect(last == .delivered)
  }

  @Test(
    "a delivery is retried when no complete answer comes in time",
    arguments: ["hang", "trickle-head"])
  func slow(behaviour: String) async throws {
    retries(
      try await outcome("/\(behaviour)/\(Receiver.token())", total: .milliseconds(700)), .timedOut)
  }

  @Test("a delivery is retried after an invalid answer", arguments: ["noise", "huge-head"])
  func noise(behaviour: String) async throws {
    retries(try await outcome("/\(behaviour)/\(Receiver.token())"), .serverError)
  }

  @Test("a delivery is retried when nobody listens or the name is unknown")
  func unreachable() async throws {
    let port = try FreePort.next()
    let channel = try Channel(
      name: "x", kind: .webhook, target: "http://127.0.0.1:\(port)/",
      connection: try Receiver.connection())
    retries(await sender.deliver(Samples.full, through: channel), .unreachable)
    // RFC 6761 reserves this name, so it never resolves.
    let nowhere = try Channel(
      name: "x", kind: .webhook, target: "https://nowhere.invalid/",
      connection: ChannelConnection(connectTimeout: .seconds(20), totalTimeout: .seconds(20)))
    let outcome = await sender.deliver(Samples.full, through: nowhere)
    guard case .retry(nil, let failure) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect([.nameNotFound, .timedOut].contains(failure.code), "\(outcome)")
  }

  @Test("a delivery ends when its task is cancelled")
  func cancelled() async throws {
    let receiver = try await Receiver.shared()
    let token = Receiver.token()
    let task = Task { try await outcome("/hang/\(token)", total: .seconds(600)) }
    _ = try await receiver.program.wait(for: "request") {
      try receiver.requests(token).isEmpty ? nil : true
    }
    task.cancel()
    retries(try await task.value, .cancelled)
    // A delivery that is cancelled before it begins sends nothing.
    let other = Receiver.token()
    let late = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await outcome("/200/\(other)")
    }
    retries(try await late.value, .cancelled)
    #expect(try receiver.requests(other).isEmpty)
  }

  @Test("deliveries wait on their own threads, so that many hanging ones block nothing else")
  func hanging() async throws {
    let receiver = try await Receiver.shared()
    let token = Receiver.token()
    let hanging = (0..<40).map { _ in
      Task { try await outcome("/hang/\(token)", total: .seconds(600)) }
    }
    _ = try await receiver.program.wait(for: "requests") {
      try receiver.requests(token).count == 40 ? true : nil
    }
    #expect(try await outcome("/200/\(Receiver.token())") == .delivered)
    for task in hanging { task.cancel() }
    for task in hanging { retries(try await task.value, .cancelled) }
  }

  @Test("a delivery is retried when a server does not answer TLS in time")
  func silentTLS() async throws {
    let receiver = try await Receiver.shared()
    let channel = try Channel(
      name: "x", kind: .webhook, target: "https://localhost:\(receiver.ports["http"] ?? 0)/200/x",
      connection: try Receiver.connection(total: .milliseconds(700), plaintext: false))
    retries(await sender.deliver(Samples.full, through: channel), .timedOut)
  }

  @Test("nothing is sent to an internal address, whatever its name")
  func guarded() async throws {
    let receiver = try await Receiver.shared()
    let token = Receiver.token()
    let port = receiver.ports["server"] ?? 0
    for host in [
      "127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f000001", "127.1",
      "0.0.0.0", "[::]",
    ] {
      let channel = try Channel(
        name: "x", kind: .webhook, target: "https://\(host):\(port)/200/\(token)",
        connection: ChannelConnection(authorityFile: receiver.authority))
      let outcome = await sender.deliver(Samples.full, through: channel)
      fails(outcome, .addressRefused)
    }
    // Only what the channel names is allowed.
    let other = try Channel(
      name: "x", kind: .webhook, target: receiver.secureURL("server", "/200/\(token)"),
      connection: try Receiver.connection(
        allowed: ["127.0.0.2/32", "10.0.0.0/8"], plaintext: false))
    fails(await sender.deliver(Samples.full, through: other), .addressRefused)
    #expect(try receiver.requests(token).isEmpty)
  }

  /// Sends to a URL whose name resolves to an address.
  private func outcome(
    pinned url: String, to address: String, connection: ChannelConnection
  ) async throws -> DeliveryOutcome {
    let parsed = try #require(ChannelURL(url))
    let port = try #require(URLComponents(string: url)?.port)
    let exchange = HTTPExchange(
      url: parsed, headers: [], body: Array("{}".utf8), connection: connection, secret: nil,
      now: Samples.instant("2026-11-22"), pins: ["\(parsed.host):\(port):\(address)"])
    return await OwnThread.run { exchange.perform(CancellationFlag()) }
  }

  @Test("the address decides, not the name: a public name of an internal address is refused")
  func rebinding() async throws {
    let receiver = try await Receiver.shared()
    let token = Receiver.token()
    let url = receiver.secureURL("elsewhere", "/200/\(token)", host: "elsewhere.example")
    let strict = ChannelConnection(authorityFile: receiver.authority)
    for address in [
      "127.0.0.1", "169.254.169.254", "10.0.0.1", "100.64.0.1", "192.168.0.1", "0.0.0.0", "::1",
      "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1", "fd00::1",
      "127.0.0.1,169.254.169.254",
    ] {
      fails(try await outcome(pinned: url, to: address, connection: strict), .addressRefused)
    }
    #expect(try receiver.requests(token).isEmpty)
    // The same name reaches the receiver where the channel allows it.
    let open = try Receiver.connection(authority: receiver.authority, plaintext: false)
    #expect(try await outcome(pinned: url, to: "127.0.0.1", connection: open) == .delivered)
    #expect(try receiver.requests(token).count == 1)
  }

  @Test("a delivery without TLS stays on this machine, even if localhost resolves elsewhere")
  func plaintextElsewhere() async throws {
    let receiver = try await Receiver.shared()
    let url = receiver.url("/200/x").replacing("127.0.0.1", with: "localhost")
    let connection = try Receiver.connection(allowed: ["10.0.0.0/8", "127.0.0.0/8"])
    fails(
      try await outcome(pinned: url, to: "10.0.0.1", connection: connection), .addressRefused)
    #expect(try await outcome(pinned: url, to: "127.0.0.1", connection: connection) == .delivered)
  }

  @Test("a delivery with TLS accepts a certificate signed by the channel's authority")
  func trusted() async throws {
    let receiver = try await Receiver.shared()
    let token = Receiver.token()
    for host in ["localhost", "127.0.0.1"] {
      let channel = try Channel(
        name: "x", kind: .webhook,
        target: receiver.secureURL("server", "/200/\(token)", host: host),
        connection: try Receiver.connection(authority: receiver.authority, plaintext: false))
      #expect(await sender.deliver(Samples.full, through: channel) == .delivered)
    }
    #expect(try receiver.requests(token).count == 2)
  }

  @Test("a delivery with TLS refuses a wrong authority, wrong host and unknown authority")
  func untrusted() async throws {
    let receiver = try await Receiver.shared()
    let token = Receiver.token()
    for (server, authority) in [
      ("impostor", receiver.authority), ("elsewhere", receiver.authority), ("server", nil),
    ] {
      let channel = try Channel(
        name: "x", kind: .webhook, target: receiver.secureURL(server, "/200/\(token)"),
        connection: try Receiver.connection(authority: authority, plaintext: false))
      fails(await sender.deliver(Samples.full, through: channel), .tlsFailed)
    }
    let broken = try Channel(
      name: "x", kind: .webhook, target: receiver.secureURL("server", "/200/\(token)"),
      connection: try Receiver.connection(authority: "/nonexistent.pem", plaintext: false))
    retries(await sender.deliver(Samples.full, through: broken), .misconfigured)
    #expect(try receiver.requests(token).isEmpty)
  }

  @Test("a delivery survives a TLS connection that the receiver resets")
  func brokenTLS() async throws {
    let receiver = try await Receiver.shared()
    let channel = try Channel(
      name: "x", kind: .webhook, target: receiver.secureURL("server", "/reset/\(Receiver.token())"),
      connection: try Receiver.connection(authority: receiver.authority, plaintext: false))
    retries(await sender.deliver(Samples.full, through: channel), .connectionLost)
  }
}
