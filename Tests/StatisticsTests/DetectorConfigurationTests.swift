import Statistics
import Testing

@Suite("Detector configuration")
struct DetectorConfigurationTests {
  @Test(
    "a wrong detector configuration is refused with what is wrong and what is allowed",
    arguments: [
      ("robust", "{}", "there is no detector robust", "robust_z"),
      (
        "robust_z", #"{"sigma": 3}"#, "detector robust_z has no parameter sigma",
        "threshold, window"
      ),
      (
        "robust_z", #"{"window": 2.5}"#, "parameter window of detector robust_z cannot be 2.5",
        "whole"
      ),
      ("ewma", #"{"weight": 0}"#, "parameter weight of detector ewma cannot be 0.0", "from"),
      (
        "ewma", #"{"direction": "up"}"#, "parameter direction of detector ewma is not a direction",
        "above"
      ),
      (
        "ewma", #"{"weight": "much"}"#, "parameter weight of detector ewma is not a number",
        "number"
      ),
      ("ewma", "[1]", "the parameters of detector ewma are not an object of numbers", "sigmas"),
    ])
  func errors(name: String, json: String, message: String, hint: String) {
    let error = #expect(throws: DetectorConfigurationError.self) {
      _ = try DetectorConfiguration(name, json: json)
    }
    #expect(error?.description == message)
    #expect(error?.hint.contains(hint) == true)
  }

  @Test("missing detector parameters get defaults, which are in range, and given ones are kept")
  func values() throws {
    for kind in DetectorKind.allCases {
      let configuration = try DetectorConfiguration(kind.rawValue)
      #expect(configuration.parameters.count == kind.parameters.count)
      // Defaults given by name are accepted like any other value.
      let named = try DetectorConfiguration(
        kind.rawValue, parameters: configuration.parameters)
      #expect(named == configuration)
    }
    let given = try DetectorConfiguration(
      "mean_sigma", json: #"{"sigmas": 4, "direction": "below"}"#)
    #expect(given.parameters["sigmas"] == 4 && given.direction == .below)
    #expect(given.parameters["minimum_sample"] == 30)
  }
}
