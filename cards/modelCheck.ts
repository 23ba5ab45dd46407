/** How a view model is held against its shape before it is drawn. */
export const modelCheck = {
  /**
   * Strictly, to the last property: in every test and in Local Teams. In production the compiler has checked the models by then,
   * and the drawing itself refuses a template's name that a model lacks; a second check would cost as much as the drawing.
   */
  strict: false,
};
