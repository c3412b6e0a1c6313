-- What schema 3 added to the epochs of schema 1, made by hand.
UPDATE epochs SET test_images = 2, undefined_energies = epoch, undefined_ious = 2 * epoch, numerics_version = 2;
