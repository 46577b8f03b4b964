import Foundation
import TestSupport
import Testing

@testable import Notifications

/// Tests that need a process of their own, since they change state of the whole process. Tests of
/// the first suite run those of the second in a copy of this program. Exit tests are unsuitable:
/// they wait for ever when another child of the process has ended and nobody has waited for it.
@Suite("Delivery in a process of its own", .timeLimit(.minutes(2)))
struct OwnProcessTests {
  /// Runs one test of the other suite.
  private func run(_ test: String, _ environment: [String: String]) async throws -> String {
    let receiver = try await Receiver.shared()
    let ports = try JSONEncoder().encode(receiver.ports)
    let folder = try TemporaryDirectory.make("process")
    let output = folder.appending(path: "output").path
    let process = try TestProcess(
      try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
      ["--testing-library", "swift-testing", "--filter", "InnerProcessTests/\(test)"],
      environment: ProcessInfo.processInfo.environment.merging(environment) { $1 }.merging([
        "PAYOPS_RECEIVER_PORTS": String(decoding: ports, as: UTF8.self),
        "PAYOPS_RECEIVER_AUTHORITY": receiver.authority,
      ]) { $1 }, output: output, errors: output)
    let status = await process.end(within: .seconds(60))
    let said = try String(contentsOfFile: output, encoding: .utf8)
    #expect(status == 0, "\(said)")
    return said
  }

  @Test("a delivery uses no proxy of the environment")
  func proxies() async throws {
    // Nobody listens on port 1.
    var environment: [String: String] = [:]
    for name in ["http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"] {
      environment[name] = "http://127.0.0.1:1/"
    }
    #expect(try await run("proxies", environment).contains("1 test in 1 suite passed"))
  }

  @Test("a delivery survives a TLS connection that breaks while it writes")
  func brokenPipe() async throws {
    #expect(try await run("brokenPipe", [:]).contains("1 test in 1 suite passed"))
  }
}

@Suite(
  "Inner process", .timeLimit(.minutes(1)),
  .enabled(if: ProcessInfo.processInfo.environment["PAYOPS_RECEIVER_PORTS"] != nil))
struct InnerProcessTests {
  private func deliver(_ notification: AlertNotification, _ server: String, _ path: String)
    async throws -> DeliveryOutcome
  {
    let environment = ProcessInfo.processInfo.environment
    let text = try #require(environment["PAYOPS_RECEIVER_PORTS"])
    let ports = try JSONDecoder().decode([String: Int].self, from: Data(text.utf8))
    let port = try #require(ports[server])
    let isPlain = server == "http"
    let channel = try Channel(
      name: "x", kind: .webhook, target: "\(isPlain ? "http" : "https")://localhost:\(port)\(path)",
      connection: try Receiver.connection(
        authority: environment["PAYOPS_RECEIVER_AUTHORITY"], plaintext: isPlain))
    return await NotificationSender().deliver(notification, through: channel)
  }

  @Test("proxies")
  func proxies() async throws {
    #expect(try await deliver(Samples.full, "http", "/200/inner") == .delivered)
    #expect(try await deliver(Samples.full, "server", "/200/inner") == .delivered)
  }

  @Test("broken pipe")
  func brokenPipe() async throws {
    // As in a program that does not ignore SIGPIPE, which a write to a closed socket raises.
    signal(SIGPIPE, SIG_DFL)
    let alerts = (0..<500).map { _ in
      Samples.alert(details: String(repeating: "d", count: 10_000))
    }
    for _ in 0..<5 {
      let outcome = try await deliver(
        Samples.notification(alerts), "server", "/early-reset/inner")
      #expect(outcome.failure?.code == .connectionLost)
    }
  }
}
