import { modelCheck } from "../../cards/modelCheck";

// In every test, each card's view model is held against its shape to the last property.
modelCheck.strict = true;
