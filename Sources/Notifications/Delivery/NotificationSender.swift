internal import Foundation
package import PayopsCore

/// Delivers notifications: one attempt at a time, without storing anything.
package struct NotificationSender: Sendable {
  private let now: @Sendable () -> CivilInstant

  /// Makes a sender.
  ///
  /// - Parameter now: the clock for signatures and for the dates in `Retry-After`.
  package init(
    now: @escaping @Sendable () -> CivilInstant = {
      CivilInstant(secondsSinceEpoch: Int(Date().timeIntervalSince1970))
    }
  ) {
    self.now = now
  }

  /// Initialises libcurl; call it before the program starts threads.
  package static func prepare() { _ = Transfer.isReady }

  /// Makes one attempt to deliver.
  ///
  /// Cancelling the task ends the attempt within about a second; it is then unknown whether the
  /// receiver got the notification, and the outcome is a retry.
  ///
  /// - Parameters:
  ///   - notification: the notification.
  ///   - channel: where and how to deliver it.
  /// - Returns: the outcome; errors are outcomes too, since each one decides whether to retry.
  package func deliver(
    _ notification: AlertNotification, through channel: Channel
  ) async -> DeliveryOutcome {
    let cancellation = CancellationFlag()
    let now = now()
    return await withTaskCancellationHandler {
      // Reading a secret and writing a log may block, as a server may.
      await OwnThread.run {
        Attempt(notification: notification, channel: channel, now: now).perform(cancellation)
      }
    } onCancel: {
      cancellation.raise()
    }
  }
}
