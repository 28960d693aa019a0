/** `weightsSha256` of the trainings in groups/image-trainings.ts. */
export const IMAGE_TRAINING_DIGESTS: Readonly<Record<string, string>> = {
  'LeNet-like, sgd':
    '7679564d0e1b8ed7c2a8586c7551c90a51e6318e0e270076910e9213cb6f4fcb',
  'norms and strides, nesterov, l2':
    '346a1d1acafdc7ab66a9531764ecf836ceb5499e39cbdcb992fed0a3ecf6a882',
  'dropout of both kinds, adam, shards':
    '4cc2c4c832a532426f8ef947f9c3940054b54cc98f2c107ea1d4b1b227628da8',
  'more shards than rows in the last step, norms, momentum':
    '1862e2983847a9193b241422110b32225522fda7c8d68f9fd99651dd3a9f0294',
  'colours, mirrored and shifted, adamw, early stopping':
    'b44a549c70e4817cf82b463d9bba0bedc38f30cb3230a7d5817e2c1a428d76cc',
  'a batch larger than a cache, dropout, nesterov':
    '22288113e4ad6a1edd97b2843584456b39c6a2dfb14ccfaf630a8939062c30e9',
  'batches of one image, mirrored and turned':
    '139cd933fe6bfa9e2a3e0ad7e121c90b9ef8db398d1af25be0ae7f7f342e543f',
};
