import Health
import Testing

@testable import payops

@Suite("Exit status of the doctor")
struct DoctorStatusTests {
  @Test("is a finding when one verdict is a failure, and only then")
  func exitStatus() {
    #expect(DoctorCommand.status(of: [.ok, .failure, .warning]) == .finding)
    #expect(DoctorCommand.status(of: [.ok, .warning]) == .ok)
  }
}
