internal import Foundation
package import MariaDBClient
package import Notifications
package import PayopsCore
package import Tabular

/// The delivery of a test notification over a route.
package struct RouteTest: Sendable {
  /// The outcome.
  package let outcome: DeliveryOutcome
  private let channel: Channel

  /// Delivers a test over the real channel, even when the route is disabled; receivers that track
  /// alerts are also notified that the test is resolved.
  ///
  /// - Parameters:
  ///   - route: the route
  ///   - now: the time of the database
  ///   - sender: the sender
  package static func run(
    _ route: NotificationRoute, at now: CivilInstant, by sender: NotificationSender
  ) async throws -> RouteTest {
    let channel = try route.channel()
    let key = "test-\(UUID().uuidString.lowercased())"
    var states = [AlertState.firing]
    if channel.kind == .pagerduty || channel.kind == .alertmanager { states.append(.resolved) }
    var outcome = DeliveryOutcome.delivered
    for state in states where outcome == .delivered {
      outcome = await sender.deliver(
        notification(route.name, key: key, state, at: now), through: channel)
    }
    return RouteTest(outcome: outcome, channel: channel)
  }

  /// Reads a route, with the time of the database.
  package static func read(
    _ name: String, on connection: Connection
  ) async throws -> (route: NotificationRoute, now: CivilInstant) {
    let route = try await NotificationRoutes.route(name, on: connection)
    let time = try await connection.query("SELECT UTC_TIMESTAMP() AS time").rows.first?["time"]
    return (route, time.flatMap { CivilInstant($0) } ?? CivilInstant(secondsSinceEpoch: 0))
  }

  private static func notification(
    _ route: String, key: String, _ state: AlertState, at now: CivilInstant
  ) -> AlertNotification {
    AlertNotification(
      deliveryKey: "\(key)-\(state.rawValue)", groupKey: "\(route)/payops_test/\(key)",
      status: state, receiver: route,
      alerts: [
        NotifiedAlert(
          fingerprint: key, name: "payops_test", severity: .info, state: state,
          labels: ["subject": "test", "route": route],
          summary: "TEST of the route \(route) by payops: nothing is wrong", startsAt: now,
          endsAt: state == .resolved ? now : nil)
      ], groupLabels: ["alertname": "payops_test"], sentAt: now)
  }

  /// The outcome, with the answer of the receiver.
  package var text: String {
    let word =
      switch outcome {
      case .delivered: "delivered"
      case .retry: "not delivered, a retry may succeed"
      case .failed: "not delivered"
      }
    var text = "\(channel): \(word)"
    if let failure = outcome.failure { text += ": \(failure.reason)" }
    if let excerpt = outcome.failure?.excerpt { text += "\nanswer: \(excerpt)" }
    return text + "\n"
  }

  /// The outcome as JSON.
  package var json: JSON {
    let failure = outcome.failure
    return .pairs([
      "route": .string(channel.name), "is_delivered": .bool(failure == nil),
      "code": failure.map { .string($0.code.description) } ?? .null,
      "reason": failure.map { .string($0.reason) } ?? .null,
      "status": failure?.status.map { .integer($0) } ?? .null,
      "answer": failure?.excerpt.map { .string($0) } ?? .null,
    ])
  }
}
