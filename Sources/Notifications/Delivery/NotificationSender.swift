internal import Foundation
package import PayopsCore

/// Delivers notifications: one attempt at a time, without keeping anything.
package struct NotificationSender: Sendable {
  private let now: @Sendable () -> CivilInstant

  /// Makes a sender.
  ///
  /// - Parameter now: the clock of signatures and of dates that receivers name.
  package init(
    now: @escaping @Sendable () -> CivilInstant = {
      CivilInstant(secondsSinceEpoch: Int(Date().timeIntervalSince1970))
    }
  ) {
    self.now = now
  }

  /// Makes libcurl ready; best before a program starts its threads.
  package static func prepare() { _ = Transfer.isReady }

  /// Tries once to deliver.
  ///
  /// Cancelling the task ends the attempt within about a second; whether the receiver has got
  /// something is then unknown, and the outcome is a retry.
  ///
  /// - Parameters:
  ///   - notification: what is told.
  ///   - channel: where and how.
  /// - Returns: what became of it; never an error, since each one has a meaning.
  package func deliver(
    _ notification: AlertNotification, through channel: Channel
  ) async -> DeliveryOutcome {
    let cancellation = CancellationFlag()
    let now = now()
    return await withTaskCancellationHandler {
      // Reading a secret and writing a log may block as well as a server.
      await OwnThread.run {
        Attempt(notification: notification, channel: channel, now: now).perform(cancellation)
      }
    } onCancel: {
      cancellation.raise()
    }
  }
}
