import Foundation
import TestSupport

@testable import Notifications

/// A private Prometheus Alertmanager that forwards alerts to a webhook.
struct Alertmanager: Sendable {
  /// An alert as its API returns it.
  struct Alert: Decodable {
    let labels: [String: String]
    let annotations: [String: String]
    let startsAt: String
    let endsAt: String
    let status: Status

    struct Status: Decodable { let state: String }
  }

  let program: GuardedProgram
  let port: Int

  /// Starts an Alertmanager.
  ///
  /// - Parameter webhook: the URL to which it sends notifications.
  static func start(webhook: String) async throws -> Alertmanager {
    let server = try GuardedProgram.found(
      "/usr/bin/prometheus-alertmanager", package: "prometheus-alertmanager")
    let folder = try TemporaryDirectory.make("alertmanager")
    let configuration = """
      route:
        receiver: ours
        group_by: [alertname]
        group_wait: 0s
        group_interval: 1s
        repeat_interval: 1h
      receivers:
        - name: ours
          webhook_configs:
            - url: \(webhook)
              send_resolved: true
      """
    let file = folder.appending(path: "alertmanager.yml")
    try Data((configuration + "\n").utf8).write(to: file)
    var failure: any Error = GuardedProgram.Missing(description: "Alertmanager does not start")
    // Another program may take a port that was free a moment ago.
    for _ in 0..<5 {
      let port = try FreePort.next()
      let program = try GuardedProgram(
        GuardedProgram.python(),
        [
          GuardedProgram.script("guarded.py"), server, "--config.file=\(file.path)",
          "--storage.path=\(folder.appending(path: "data").path)",
          "--web.listen-address=127.0.0.1:\(port)", "--cluster.listen-address=",
        ], folder: folder)
      do {
        _ = try await program.wait(for: "readiness") {
          try? LoopbackRequest.get("/-/ready", port: port)
        }
        return Alertmanager(program: program, port: port)
      } catch {
        failure = error
      }
    }
    throw failure
  }

  /// The alerts that are firing.
  func alerts() throws -> [Alert] {
    let body = try LoopbackRequest.get("/api/v2/alerts", port: port)
    return try JSONDecoder().decode([Alert].self, from: body)
  }

  /// The channel with which payops reaches it.
  func channel() throws -> Channel {
    try Channel(
      name: "am", kind: .alertmanager, target: "http://127.0.0.1:\(port)",
      connection: try Receiver.connection())
  }
}
