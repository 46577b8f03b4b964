internal import Foundation
package import Testing

extension Trait where Self == ConditionTrait {
  /// For a test that asks for what MySQL does in another way, which the output of a run there says.
  ///
  /// - Parameter reason: what that is
  package static func onMariaDB(_ reason: Comment) -> Self {
    .disabled(if: TestServer.isMySQL, reason)
  }
}
